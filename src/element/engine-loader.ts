import type { CreateEngine } from './facade-port.js';

/**
 * Loads what a call needs: client and panel in one file, and beside it the one that speaks SIP, which the client waits
 * for only when grant and socket are on their way.
 */
export async function loadEngine(): Promise<CreateEngine> {
  const loading = import('./engine.js');
  // Whether it came is the client's to ask.
  import('../sip/user-agent.js').catch(() => {});
  return (await loading).createEngine;
}
