import type { CreateEngine } from './facade-port.js';

/** The lazy file's name in the script-tag build, put in by the build; elsewhere the page's bundler knows it alone. */
declare const __ENGINE_FILE__: string | undefined;

let failures = 0;

/**
 * Loads the lazy part: client, JsSIP and panel in one file. A browser may keep a failed import for as long as the page
 * lives (Firefox does, HTML allows it), so another attempt goes to another address of the same file.
 */
export async function loadEngine(): Promise<CreateEngine> {
  try {
    const engine: { createEngine: CreateEngine } =
      failures && __ENGINE_FILE__
        ? await import(/* @vite-ignore */ `${__ENGINE_FILE__}?${failures}`)
        : await import('./engine.js');
    return engine.createEngine;
  } catch (error) {
    failures++;
    throw error;
  }
}
