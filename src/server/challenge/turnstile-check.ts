import type { HumanCheck } from './human-check.js';

export interface TurnstileCheckOptions {
  /** Public; goes to the browser, where the page's `solveChallenge` shows the widget. */
  siteKey: string;
  secret: string;
  /** Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

const VERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
/** How long the service may take, in milliseconds. */
const TIMEOUT = 5000;

/** Cloudflare Turnstile, and an example of a check that somebody else makes. A token of theirs works once. */
export function createTurnstileCheck({ siteKey, secret, fetch = globalThis.fetch }: TurnstileCheckOptions): HumanCheck {
  return {
    async challenge() {
      return { type: 'turnstile', site_key: siteKey };
    },

    async verify(answer, { address }) {
      const { type, response } = (answer ?? {}) as Record<string, unknown>;
      if (type !== 'turnstile' || typeof response !== 'string' || response.length > 2048) return false;
      const body = new URLSearchParams({ secret, response, ...(address !== undefined && { remoteip: address }) });
      const said = await fetch(VERIFY, { method: 'POST', body, signal: AbortSignal.timeout(TIMEOUT) });
      return said.ok && ((await said.json()) as { success?: unknown } | null)?.success === true;
    },
  };
}
