import type { Lines, Numbers } from '../../src/server/index.js';
import { HOST } from './ports.js';

/** Phones that hear and speak, a baresip each: a second call to the same one would be mixed into the first. */
export const PHONES = {
  /** Rings for a second, answers, and plays back what it hears. */
  sales: { answerAfterMs: 1000, echo: true },
  /** The same once more, for a test beside the first. */
  support: { answerAfterMs: 1000, echo: true },
  /** Answers at once and hangs up after three seconds. */
  hangup: { answerAfterMs: 200, echo: true, hangUpAfterMs: 3000 },
  /** Answers, hears, and says nothing. */
  silent: { answerAfterMs: 200, echo: false },
} as const satisfies Record<string, PhoneBehaviour>;

export interface PhoneBehaviour {
  answerAfterMs: number;
  echo: boolean;
  hangUpAfterMs?: number;
}

export type PhoneName = keyof typeof PHONES;

/** Phones with which no call ever comes to be: see endings.ts. */
export const ENDING_LINES = [
  'busy',
  'decline',
  'ringing',
  'unavailable',
  'incompatible',
  'notfound',
  'redirect',
  'challenge',
  'dead',
] as const;

/** The lines of the stack. `desk` is whoever registered with a grant of the desk: another browser. */
export function stackLines(phonePorts: Record<PhoneName, number>, endingsPort: number, domain: string): Lines {
  const callerId = '+254700000001';
  const phones = Object.entries(phonePorts).map(([name, port]) => [
    name,
    { callee: `sip:${name}@${HOST}:${port}`, callerId },
  ]);
  const endings = ENDING_LINES.map((name) => [name, { callee: `sip:${name}@${HOST}:${endingsPort}`, callerId }]);
  const brief = { callee: `sip:sales@${HOST}:${phonePorts.sales}`, callerId, maxDuration: 4 };
  // One call at a time, over however many gateways.
  const narrow = { callee: `sip:ringing@${HOST}:${endingsPort}`, callerId, limits: { concurrent: 1 } };
  // To show what an owner may leave out: no caller id.
  const anonymous = { callee: `sip:ringing@${HOST}:${endingsPort}` };
  return {
    ...(Object.fromEntries([...phones, ...endings]) as Lines),
    brief,
    narrow,
    anonymous,
    desk: { callee: `sip:desk@${domain}`, callerId },
  };
}

/** Numbers that the trunk delivers to the gateway, and for whom they are. */
export function stackNumbers(phonePorts: Record<PhoneName, number>): Numbers {
  return {
    /** One desk, and the phone `support` when nobody is there. */
    '+254200000001': { ring: ['desk'], fallback: `sip:support@${HOST}:${phonePorts.support}`, ringSeconds: 20 },
    /** Two desks, and nobody else. */
    '+254200000002': { ring: ['desk', 'desk2'] },
  };
}
