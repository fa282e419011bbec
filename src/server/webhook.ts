import type { CallEvent } from './call-event.js';
import { deliver } from './webhook/delivery.js';
import { webhookEvent } from './webhook/event.js';
import { KeyedQueue, type Turn } from './webhook/keyed-queue.js';
import { signingKey } from './webhook/signature.js';

export interface WebhookOptions {
  /** Where events go: `https:`, or `http:` on this machine. */
  url: string;
  /** What events are signed with; the receiver knows it too. */
  secret: string;
  /** How often an event is sent again that was not taken. Default: 10, which with doubling waits is half an hour. */
  retries?: number;
  /** The wait before the first repeat, in seconds; it doubles with each, up to ten minutes. Default: 1. */
  firstDelay?: number;
  /** How long an answer is waited for, in seconds. Default: 10. */
  timeout?: number;
  /** How many events may wait; what comes on top is dropped. Default: 1000. */
  capacity?: number;
  /** Told what became of each event. */
  onResult?: (result: WebhookResult, event: CallEvent) => void;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/** `delivered`: taken. `failed`: refused, or tried too often. `dropped`: never sent, since too many wait or it stops. */
export type WebhookResult = 'delivered' | 'failed' | 'dropped';

/** An `onEvent` for the hook handler. */
export interface Webhook {
  /** Returns at once: the gateway's question is never kept waiting by somebody else's server. */
  (event: CallEvent): void;
  /**
   * Takes no more events and waits for those that are on their way; what remains then is given up.
   * @param seconds How long at most. Default: 5.
   * @returns How many were given up.
   */
  drain(seconds?: number): Promise<number>;
}

/** How many events are being sent at the same time; of one call always one, so that they arrive in order. */
const CONCURRENCY = 8;

/** Tells the owner's server of calls, signed, and again until it has understood. What waits is lost with the process. */
export function createWebhook(options: WebhookOptions): Webhook {
  const { secret, retries = 10, firstDelay = 1, timeout = 10, capacity = 1000, onResult, now = Date.now } = options;
  const url = checkedUrl(options.url);
  const key = signingKey(secret);
  const queue = new KeyedQueue(CONCURRENCY, capacity);
  const given = new AbortController();
  let open = true;

  const send = async (event: CallEvent, at: Date, turn: Turn): Promise<void> => {
    try {
      await deliver({
        url,
        key: await key,
        body: JSON.stringify(await webhookEvent(event, at)),
        // Looked up late and called without a receiver, as browsers' and workers' own fetch demands.
        fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
        retries,
        firstDelay: firstDelay * 1000,
        timeout: timeout * 1000,
        turn,
        signal: given.signal,
        now,
      });
      onResult?.('delivered', event);
    } catch {
      onResult?.(given.signal.aborted ? 'dropped' : 'failed', event);
    }
  };

  const onEvent = (event: CallEvent): void => {
    const at = new Date(now());
    const taken = open && queue.add(`${event.callId} ${event.fromTag}`, (turn) => send(event, at, turn));
    if (!taken) onResult?.('dropped', event);
  };

  const drain = async (seconds = 5): Promise<number> => {
    open = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([queue.idle(), tooLate]);
    clearTimeout(timer);
    const left = queue.size;
    given.abort();
    await queue.idle();
    return left;
  };

  return Object.assign(onEvent, { drain });
}

/** Refuses, at start rather than with the first event, an address that would send events in the clear. */
function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = /^(localhost|127(\.[0-9]+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && local))) {
    throw new TypeError('The url of the webhook is not https, nor http on this machine');
  }
  if (url.username !== '' || url.password !== '')
    throw new TypeError('The url of the webhook has a user or password in it');
  return url.href;
}
