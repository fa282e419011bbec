import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import { launchOptions, type BrowserName } from '../../support/browsers.js';

/** Linear PCM, 16 bits, one channel. */
const RATE = 48_000;
const HERTZ = 440;

/** One second of a tone, which has no seam where it begins again. */
function tone(): Buffer {
  const samples = Buffer.alloc(RATE * 2);
  for (let at = 0; at < RATE; at += 1) {
    samples.writeInt16LE(Math.round(10_000 * Math.sin((2 * Math.PI * HERTZ * at) / RATE)), at * 2);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** Options of a browser whose made-up microphone speaks without a pause. Firefox's does so by itself; Chromium's beeps. */
export async function speakingOptions(
  name: BrowserName,
): Promise<{ options: LaunchOptions; dispose(): Promise<void> }> {
  const options = launchOptions(name);
  if (name === 'firefox') return { options, dispose: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'sautikit-tone-'));
  const file = join(folder, 'tone.wav');
  await writeFile(file, tone());
  return {
    options: { ...options, args: [...(options.args ?? []), `--use-file-for-fake-audio-capture=${file}`] },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Such a browser. @param flags of Chromium, in place of the one with which it believes every certificate */
export async function launchSpeaking(name: BrowserName, flags?: readonly string[]): Promise<Browser> {
  const { options, dispose } = await speakingOptions(name);
  try {
    const args = (options.args ?? []).filter((flag) => !flags || flag !== '--ignore-certificate-errors');
    const browser = await puppeteer.launch({ ...options, args: [...args, ...(flags ?? [])] });
    browser.once('disconnected', () => void dispose());
    return browser;
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A Chromium that speaks without a pause, and asks for permission; nobody answers but `Browser.setPermission`. */
export async function launchAsking(): Promise<Browser> {
  const { options, dispose } = await speakingOptions('chromium');
  try {
    const args = (options.args ?? []).filter((flag) => flag !== '--use-fake-ui-for-media-stream');
    const browser = await puppeteer.launch({ ...options, args });
    browser.once('disconnected', () => void dispose());
    return browser;
  } catch (error) {
    await dispose();
    throw error;
  }
}
