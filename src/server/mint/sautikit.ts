import { sha256Hex } from '../secrets.js';
import type { MintProvider } from './mint-provider.js';
import { checkedUrl, expiryIn, postJson, tokenIn } from './upstream.js';

export interface SautikitProviderOptions {
  /** The API key of your workspace. It goes to the API and nowhere else: neither into an error nor to a page. */
  apiKey: string;
  /** Where the API is, `https://…`; `http://` is for this machine only. */
  baseUrl: string;
  /** How long the API may take, in milliseconds. Default: 5000, half of what a browser waits. */
  timeout?: number;
  /** Asks the API. Default: the global `fetch`. */
  fetch?: typeof fetch;
}

/** How long a token of the API lives, in seconds. A clock that is wrong must not make it longer. */
const LIFETIME = 300;

/**
 * Has tokens minted by the Sautikit API (`POST /v1/sip/token`). Their `sub` is the workspace, which all callers share, so
 * the grant always says who its holder is (`sip_uri`), and the hook knows it from the grant's record.
 */
export function createSautikitProvider(options: SautikitProviderOptions): MintProvider {
  const { apiKey, baseUrl, timeout = 5000 } = options;
  // What cannot stand in a header would make fetch throw an error that quotes it.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError('apiKey is empty, or has characters that no API key has');
  const upstream = {
    url: `${checkedUrl(baseUrl, 'baseUrl').href.replace(/\/$/, '')}/v1/sip/token`,
    authorization: `Bearer ${apiKey}`,
    timeout,
    fetch: options.fetch,
  };
  return {
    async mint() {
      const json = await postJson(upstream, {});
      const token = tokenIn(json, 'token');
      return { key: await sha256Hex(token), answer: { token }, ...expiryIn(json, LIFETIME) };
    },
  };
}
