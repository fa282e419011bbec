/**
 * What JsSIP gets instead of the package `debug`. The real one reads `localStorage.debug` as it loads, and prints whole
 * SIP messages, tokens included, as soon as any script of the page has set it. This one never prints.
 */
interface Debugger {
  (...args: unknown[]): void;
  enabled: boolean;
  log: (...args: unknown[]) => void;
}

function createDebug(_namespace: string): Debugger {
  return Object.assign(() => {}, { enabled: false, log: () => {} });
}

// JsSIP calls both `require('debug')(name)` and `require('debug').default(name)`.
export default Object.assign(createDebug, { default: createDebug });
