import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OURS = fileURLToPath(new URL('../../demo/stack/kamailio/', import.meta.url));

/** What can be taken out of the gateway, to see what it costs. */
export interface Without {
  /** The answer that stands in the place of the hook's: nobody is asked and nothing is reported. */
  hook?: object;
  rtpengine?: boolean;
}

/** A copy of our configuration in which something is missing; returns its kamailio.cfg. */
export async function writeVariant(folder: string, without: Without): Promise<string> {
  await cp(OURS, folder, { recursive: true });
  if (without.hook) {
    const answer = JSON.stringify(JSON.stringify(without.hook));
    // Asked and reported by the same workers as ever, who find the answer there already.
    await change(folder, 'hooks.cfg', /http_connect\([\s\S]*?\$var\(hook_code\) = \$rc;/g, () =>
      [`$var(hook_answer) = ${answer};`, '$var(hook_code) = 200;'].join('\n    '),
    );
  }
  if (without.rtpengine) {
    const control = /rtpengine_(offer|answer)\(("\$var\(flags\)"|MEDIA_TO_\w+)\)|rtpengine_delete\(\)/g;
    // True of a request, as a success is, and nothing else.
    for (const file of ['sdp.cfg', 'calls.cfg', 'dialogs.cfg'])
      await change(folder, file, control, () => 'is_request()');
  }
  return join(folder, 'kamailio.cfg');
}

async function change(folder: string, name: string, what: RegExp, by: () => string): Promise<void> {
  const file = join(folder, name);
  const before = await readFile(file, 'utf8');
  const after = before.replace(what, by);
  if (after === before) throw new Error(`${name} has nothing that matches ${what}`);
  await writeFile(file, after);
}
