import assert from 'node:assert/strict';
import { eventually, type Visitor } from '../../support/visitor.js';

declare global {
  interface Window {
    /** How many calls began in this page, and of how many `call()` has resolved. */
    wishes: { begun: number; resolved: number };
  }
}

/** Tells of its calls: `CALL_CLOSED` once for each that came in and is over. */
export interface CallsOfPhone {
  incoming(): number;
  events(): readonly { type: string }[];
}

/** What never stands in a console: a token, a SIP address, the number that calls. */
const SECRET = /eyJ[\w-]{10,}|Bearer |sips?:[^\s]*@|\+?254700000001/;

/** Firefox's own words for a connection that failed, and for a file that is none; nothing that a script threw. */
const OF_FIREFOX =
  /^Error: (WebRTC: ICE failed|(The connection to|Firefox can.t establish a connection to the server at) wss:|Cross-Origin Request Blocked|Loading module from|None of the .sha256. hashes)/;

/** Runs in the page before its scripts: remembers what every call has promised. */
export function watchWishes(): void {
  window.wishes = { begun: 0, resolved: 0 };
  document.addEventListener('sautikit-state-change', (event) => {
    const { detail, target } = event as CustomEvent<{ to: string }>;
    if (detail.to !== 'preparing') return;
    window.wishes.begun += 1;
    // A second `call()` gives the promise of the first, which it has only when this event is through.
    queueMicrotask(() => {
      void (target as HTMLElementTagNameMap['sautikit-call-button']).call().then(() => (window.wishes.resolved += 1));
    });
  });
}

/** At the end of a fault: whatever the page and the phone held is given back, and nothing was said that is nobody's business. */
export async function leavesNothing(visitor: Visitor, phone: CallsOfPhone): Promise<void> {
  const { page } = visitor;
  await eventually('no microphone is open', async () => (await visitor.liveTracks()) === 0);
  await eventually('every peer connection is closed', () =>
    page.evaluate(() => window.witness.peers.every(({ signalingState }) => signalingState === 'closed')),
  );
  await eventually('every call has kept its promise', () =>
    page.evaluate(() => window.wishes.begun > 0 && window.wishes.begun === window.wishes.resolved),
  );
  await eventually('the phone has no call any more', () => {
    const closed = phone.events().filter(({ type }) => type === 'CALL_CLOSED').length;
    return Promise.resolve(closed === phone.incoming());
  });
  assert.deepEqual(
    visitor.thrown.filter((error) => !OF_FIREFOX.test(error)),
    [],
  );
  assert.doesNotMatch(visitor.console.join('\n'), SECRET);
}
