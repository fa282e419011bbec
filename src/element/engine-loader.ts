import type { CreateEngine } from './facade-port.js';

/** The lazy file's name in the script-tag build, put in by the build; elsewhere the page's bundler knows it alone. */
declare const __ENGINE_FILE__: string | undefined;

let failures = 0;

/**
 * Loads what a call needs: client and panel in one file, and beside it the one that speaks SIP, which the client waits
 * for only when grant and socket are on their way. A browser may keep a failed import for as long as the page lives
 * (Firefox does, HTML allows it), so another attempt goes to another address of the same file.
 */
export async function loadEngine(): Promise<CreateEngine> {
  try {
    const loading: Promise<{ createEngine: CreateEngine }> =
      failures && __ENGINE_FILE__ ? import(/* @vite-ignore */ `${__ENGINE_FILE__}?${failures}`) : import('./engine.js');
    // Whether it came is the client's to ask.
    import('../sip/user-agent.js').catch(() => {});
    return (await loading).createEngine;
  } catch (error) {
    failures++;
    throw error;
  }
}
