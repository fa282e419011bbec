import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import type * as Server from '../../../src/server/index.js';

const ENTRY = fileURLToPath(new URL('../../../src/server/index.ts', import.meta.url));

/** What every runtime of the Web has. Of Node's own there is nothing: no `process`, no `Buffer`, no `require`. */
const WEB = {
  ...{ AbortController, AbortSignal, Headers, ReadableStream, Request, Response, fetch },
  ...{ TextDecoder, TextEncoder, URL, URLSearchParams, atob, btoa, crypto, structuredClone },
  ...{ clearInterval, clearTimeout, queueMicrotask, setInterval, setTimeout },
  // Else those of the context, which are not the ones that the texts and keys from outside are made of.
  ...{ ArrayBuffer, Uint8Array },
};

/** The handlers as a worker loads them: in one script, in a world without Node. It fails where they import from Node. */
export async function loadInWorker(): Promise<typeof Server> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'server',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['worker', 'import'],
    logLevel: 'silent',
  });
  const world = createContext({ ...WEB });
  runInContext(outputFiles[0]!.text, world);
  return (world as unknown as { server: typeof Server }).server;
}
