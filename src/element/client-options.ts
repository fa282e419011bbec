import type { SautikitClientOptions } from '../client/sautikit-client.js';
import type { Log } from '../log.js';
import type { ButtonElement } from './facade-port.js';

/** Attribution is bounded, since it travels with every request (bytes of JSON). */
const MAX_CONTEXT = 1024;

/** What the attributes of this moment ask of the client; `undefined` where the one that is needed is missing. */
export function clientOptions(element: ButtonElement, log: Log): SautikitClientOptions | undefined {
  const attribute = (name: string) => element.getAttribute(name) ?? undefined;
  const { tokenUrl, tokenProvider } = element;
  if (!tokenUrl && !tokenProvider) {
    // A developer's mistake: no visitor can mend it.
    // eslint-disable-next-line no-console
    console.error(`<${element.localName}> needs the attribute token-url, or the property tokenProvider.`);
    return undefined;
  }
  const method = attribute('token-method')?.toUpperCase();
  const credentials = attribute('token-credentials');
  // A script may set a property to a number, and to one that JSON has no word for.
  return {
    ...(tokenProvider ? { tokenProvider } : { tokenUrl: String(tokenUrl) }),
    tokenMethod: method === 'GET' || method === 'POST' ? method : undefined,
    tokenCredentials: credentials === 'include' || credentials === 'omit' ? credentials : undefined,
    gatewayUrl: attribute('gateway-url')
      ?.trim()
      .split(/[\s,]+/),
    line: element.line === null || element.line === undefined ? undefined : String(element.line),
    // Looked up when it is needed, so that it may change without a new connection.
    solveChallenge: async (challenge, signal) => element.solveChallenge?.(challenge, signal),
    context: readContext(attribute('context'), log),
    debug: () => element.hasAttribute('debug'),
  };
}

function readContext(json: string | undefined, log: Log): Record<string, unknown> | undefined {
  if (!json) return undefined;
  try {
    const context: unknown = JSON.parse(json);
    const fits = new Blob([json]).size <= MAX_CONTEXT;
    if (fits && typeof context === 'object' && context && !Array.isArray(context)) {
      return context as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  log('the attribute context is no JSON object of at most 1 kB, and was left out');
  return undefined;
}
