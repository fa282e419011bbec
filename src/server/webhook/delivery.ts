import pRetry, { AbortError } from 'p-retry';
import type { Turn } from './keyed-queue.js';
import { SIGNATURE_HEADER, signatureOf } from './signature.js';

export interface Delivery {
  url: string;
  key: CryptoKey;
  body: string;
  fetch: typeof globalThis.fetch;
  /** How often it is tried again after the first time. */
  retries: number;
  /** The wait before the first repeat, in milliseconds; it doubles with each. */
  firstDelay: number;
  /** Patience with one answer, in milliseconds. */
  timeout: number;
  /** Taken for each attempt, and given back for the wait between two. */
  turn: Turn;
  /** Ends the delivery, also in the middle of a wait. */
  signal: AbortSignal;
  now: () => number;
}

/** The longest wait between two attempts, in milliseconds, whether it is ours or the receiver's wish. */
const LONGEST_WAIT = 600_000;

/** Answers below 500 that say "later" and not "never". */
const PASSING = [408, 409, 425, 429];

/** The receiver may take it later. */
class NotNow extends Error {
  constructor(
    status: number,
    /** In milliseconds. */
    readonly wait: number,
  ) {
    super(`The webhook's receiver answered ${status}`);
  }
}

/** Sends a signed body until the receiver takes it; rejects when it never will. */
export async function deliver(delivery: Delivery): Promise<void> {
  const { retries, firstDelay, turn, signal } = delivery;
  await pRetry(() => turn(() => attempt(delivery)), {
    retries,
    minTimeout: firstDelay,
    maxTimeout: LONGEST_WAIT,
    // A receiver that comes back is not met by everybody at the same moment.
    randomize: true,
    signal,
    onFailedAttempt: ({ error, retriesLeft }) =>
      error instanceof NotNow && retriesLeft > 0 ? pause(error.wait, signal) : undefined,
  });
}

async function attempt(delivery: Delivery): Promise<void> {
  const response = await post(delivery);
  await response.body?.cancel();
  if (response.ok) return;
  if (response.status < 500 && !PASSING.includes(response.status)) {
    throw new AbortError(`The webhook's receiver answered ${response.status}`);
  }
  throw new NotNow(response.status, waitOf(response.headers.get('Retry-After'), delivery.now()));
}

async function post({ url, key, body, fetch, timeout, signal, now }: Delivery): Promise<Response> {
  // Signed anew each time, so that a repeat after an hour is as fresh as the first attempt was.
  const signature = await signatureOf(key, body, Math.floor(now() / 1000));
  // A signal that was given while this waited for its turn tells nobody who begins to listen now.
  signal.throwIfAborted();
  // Not AbortSignal.any: joined to a signal that lives as long as the server, each attempt would leave something behind.
  const patience = new AbortController();
  const giveUp = (): void => patience.abort();
  const timer = setTimeout(giveUp, timeout);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: signature },
      body,
      // The owner has named one address; whoever answers there has no say in where else events go.
      redirect: 'manual',
      signal: patience.signal,
    });
  } catch (cause) {
    // Runtimes name a lost connection differently; all of it is worth another attempt.
    throw new Error("The webhook's receiver cannot be reached", { cause });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** `Retry-After` (RFC 9110 section 10.2.3), seconds or a date, in milliseconds from now. */
function waitOf(retryAfter: string | null, now: number): number {
  const text = retryAfter?.trim() ?? '';
  const wait = /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_WAIT) : 0;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
