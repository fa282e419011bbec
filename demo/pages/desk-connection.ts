import { SautikitError, type ErrorCode, type SautikitClient } from '../../src/client.js';

/** How the desk stands with the gateway: `ready` for calls, on the way there, or `lost` until the next try. */
export interface ConnectionStatus {
  state: 'connecting' | 'ready' | 'lost';
  text: string;
}

/** First and longest pause before another try, in seconds. */
const PAUSE = { first: 2, longest: 15 } as const;

const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  offline: 'this computer is offline',
  'token-unreachable': 'the token endpoint does not answer',
  'token-denied': 'the token endpoint gave this desk no grant',
  'token-malformed': 'the token endpoint gave no proper grant',
  'rate-limited': 'too many tries',
  'gateway-unreachable': 'the gateway does not answer',
  'registration-rejected': 'the gateway does not take this desk',
};

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const inWords = (error: unknown) =>
  (error instanceof SautikitError && REASONS[error.code]) || 'something unexpected happened';

/**
 * Keeps the desk reachable for as long as its page is there. The client mends a broken connection by itself; what it
 * gives up on is said in words, and tried again after a while.
 */
export async function keepConnected(client: SautikitClient, show: (status: ConnectionStatus) => void): Promise<never> {
  client.on('connection', ({ to }) => {
    if (to === 'registered') show({ state: 'ready', text: 'Ready for calls' });
    else if (to === 'reconnecting') show({ state: 'connecting', text: 'Connection lost. Bringing it back…' });
  });

  for (let failures = 0; ; failures++) {
    let reason: string;
    show({ state: 'connecting', text: 'Connecting…' });
    try {
      await client.connect();
      failures = 0;
      await givenUp(client);
      reason = 'the gateway let this desk go';
    } catch (error) {
      reason = inWords(error);
    }
    // A call can outlast its signalling; what is left of the connection is closed after it.
    await Promise.all(client.calls.map(({ finished }) => finished));
    await client.disconnect();
    const seconds = Math.min(PAUSE.first * 2 ** failures, PAUSE.longest);
    for (let left = seconds; left > 0; left--) {
      show({ state: 'lost', text: `Not connected: ${reason}. Next try in ${left} s.` });
      await pause(1);
    }
  }
}

/** Settles when a client that was connected has given up its connection. */
function givenUp(client: SautikitClient): Promise<void> {
  return new Promise((resolve) => {
    if (client.connectionState === 'offline') resolve();
    const off = client.on('connection', ({ to }) => {
      if (to !== 'offline') return;
      off();
      resolve();
    });
  });
}
