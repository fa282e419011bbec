import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { Phone } from '../../../demo/stack/phone.js';
import type { Stack } from '../../../demo/stack/stack.js';
import type { ButtonPage } from '../../bench/cpu/button.js';

declare global {
  interface Window {
    soak: {
      peer: RTCPeerConnection | undefined;
      /** How the last call ended. */
      ended: { outcome: string; code?: string } | undefined;
    };
  }
}

/** Who heard the other in a call that was answered. */
export interface Heard {
  caller: boolean;
  phone: boolean;
}

export interface Caller {
  button: ButtonPage;
  stack: Stack;
  signal: AbortSignal;
}

/** One way for a call to go: what is called, what is done, and how it has to end. */
export interface Kind {
  name: string;
  line: string;
  outcome: string;
  code?: string;
  go(caller: Caller): Promise<Heard | void>;
}

/** Loudness (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;
const PATIENCE = 10_000;

/** Runs in the page before its scripts, after the ledger's own watch. Only the last connection is held. */
export function watchCalls(): void {
  window.soak = { peer: undefined, ended: undefined };
  window.RTCPeerConnection = new Proxy(RTCPeerConnection, {
    construct(target, args, as) {
      const peer = Reflect.construct(target, args, as) as RTCPeerConnection;
      window.soak.peer = peer;
      return peer;
    },
  });
  document.addEventListener('sautikit-call-ended', ({ detail }: CustomEvent) => {
    window.soak.ended = detail as { outcome: string; code?: string };
  });
}

const press = ({ button }: Caller): Promise<void> => button.press('[part~=button]');

async function talk(caller: Caller, phone: Phone, forMs: number): Promise<Heard> {
  const { button, signal } = caller;
  await button.call();
  const began = performance.now();
  const first = await heard(button.page, phone, signal);
  await sleep(Math.max(0, forMs - (performance.now() - began)), undefined, { signal });
  if (forMs < PATIENCE) return first;
  const last = await heard(button.page, phone, signal);
  return { caller: first.caller && last.caller, phone: first.phone && last.phone };
}

async function heard(page: Page, phone: Phone, signal: AbortSignal): Promise<Heard> {
  const [caller, atPhone] = await Promise.all([page.evaluate(hears, PATIENCE), phoneHears(phone, signal)]);
  return { caller, phone: atPhone };
}

async function phoneHears(phone: Phone, signal: AbortSignal): Promise<boolean> {
  for (const end = Date.now() + PATIENCE; Date.now() < end && !signal.aborted;) {
    if ((await phone.recordedEnergy(300)) > VOICE) return true;
  }
  return false;
}

/** Runs in the page: whether sound comes in, within so many milliseconds. */
async function hears(patience: number): Promise<boolean> {
  const energyOf = async (): Promise<number> => {
    let energy = 0;
    (await window.soak.peer?.getStats())?.forEach((report: { type: string; totalAudioEnergy?: number }) => {
      if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
    });
    return energy;
  };
  const before = await energyOf();
  for (const end = Date.now() + patience; Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    if ((await energyOf()) > before) return true;
  }
  return false;
}

const refused = (line: string, code: string): Kind => ({
  name: `the far side answers "${line}"`,
  line,
  outcome: 'failed',
  code,
  go: async (caller) => {
    await press(caller);
    await caller.button.comesTo('failed');
  },
});

/** A long call, in which somebody mutes and presses a key; beside those of the other page. */
export const LONG: Kind = {
  name: 'twenty seconds, beside the others',
  line: 'support',
  outcome: 'completed',
  go: async (caller) => {
    const both = await talk(caller, caller.stack.phone('support'), 20_000);
    await caller.button.hangup();
    return both;
  },
};

/** One after the other. */
export const KINDS: readonly Kind[] = [
  {
    name: 'the caller hangs up',
    line: 'sales',
    outcome: 'completed',
    go: async (caller) => {
      const both = await talk(caller, caller.stack.phone('sales'), 3000);
      await caller.button.hangup();
      return both;
    },
  },
  refused('busy', 'busy'),
  {
    name: 'the far side hangs up',
    line: 'hangup',
    outcome: 'completed',
    go: async (caller) => {
      const both = await talk(caller, caller.stack.phone('hangup'), 0);
      await caller.button.comesTo('ended');
      return both;
    },
  },
  refused('decline', 'declined'),
  {
    name: 'the caller gives up while it rings',
    line: 'ringing',
    outcome: 'cancelled',
    go: async (caller) => {
      await press(caller);
      await caller.button.comesTo('ringing');
      await sleep(500, undefined, { signal: caller.signal });
      await caller.button.hangup();
    },
  },
  refused('unavailable', 'no-answer'),
  {
    name: 'the caller gives up as the far side answers',
    line: 'sales',
    // Whoever was first.
    outcome: 'cancelled or completed',
    go: async (caller) => {
      await press(caller);
      await caller.button.comesTo('ringing');
      await sleep(800 + Math.random() * 400, undefined, { signal: caller.signal });
      await caller.button.hangup();
    },
  },
  refused('notfound', 'not-found'),
  {
    name: 'the gateway ends it at its limit of 4 s',
    line: 'brief',
    outcome: 'completed',
    code: 'time-limit',
    go: async (caller) => {
      const both = await talk(caller, caller.stack.phone('sales'), 0);
      await caller.button.comesTo('ended');
      return both;
    },
  },
];
