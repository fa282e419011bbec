import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** RIFF header as libsndfile writes it; its length fields are only right once the file is closed. */
const HEADER_BYTES = 44;
/** Linear PCM, 16 bits. */
const FULL_SCALE = 32_768;

/** The WAV files that baresip's module sndfile writes of the decoded audio, while it writes them. */
export class Recording {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Root mean square, 0 to 1, of the samples that arrive within `forMs` from now. */
  async energy(forMs: number): Promise<number> {
    const before = await this.#sizes();
    await sleep(forMs);
    let sum = 0;
    let count = 0;
    for (const [file, size] of await this.#sizes()) {
      const from = Math.max(HEADER_BYTES, before.get(file) ?? 0);
      if (size <= from) continue;
      const samples = await read(join(this.#folder, file), from, size - from);
      for (let at = 0; at + 1 < samples.length; at += 2) {
        const sample = samples.readInt16LE(at) / FULL_SCALE;
        sum += sample * sample;
        count += 1;
      }
    }
    return count === 0 ? 0 : Math.sqrt(sum / count);
  }

  async #sizes(): Promise<Map<string, number>> {
    const files = (await readdir(this.#folder)).filter((name) => /-dec(ode)?\.wav$/.test(name));
    return new Map(
      await Promise.all(files.map(async (file) => [file, (await stat(join(this.#folder, file))).size] as const)),
    );
  }
}

async function read(path: string, from: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
