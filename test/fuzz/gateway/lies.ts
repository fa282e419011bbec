import fc, { type Arbitrary } from 'fast-check';
import { anyJson, damaged } from '../support/json.js';
import {
  ADDRESSES,
  CALLERS,
  HEADERS,
  LINE,
  NONSENSE,
  REFUSALS,
  SECONDS,
  SESSIONS,
  STATUSES,
  TARGETS,
} from './wrong-parts.js';
import { BROKEN_NAMES, SURPLUS_NAMES, SLOW_NAMES, WHOLE_NAMES } from './wires.js';

/**
 * One answer of a hook. In its body `{phone}` stands for the address of the phone, `{trap}` for one that nobody may call,
 * `{trunk}` for the gateway's own, `{id}` for what is the call's alone, `{aor}` for the caller's own address, `{token}` and
 * `{secret}` for what nobody may be told.
 */
export interface Lie {
  about: 'call' | 'connect' | 'incoming';
  status: string;
  body: string;
  /** How the body is written: `latin1` is no UTF-8. */
  bytes: 'utf8' | 'latin1';
  /** A name in `WIRES`. */
  wire: string;
  /** Whether the phone takes the call, should it ring. */
  taken: boolean;
}

/** What is right, and now and then what is not. */
const mostly = (right: readonly unknown[], wrong: readonly unknown[]): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constantFrom(...right) },
    { weight: 3, arbitrary: fc.constantFrom(...wrong) },
    { weight: 1, arbitrary: anyJson },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );

const SHARED = {
  caller_id: mostly(['+254700000001', 'sip:shop@gateway.invalid', undefined], CALLERS),
  max_duration: mostly([600, 1, undefined], SECONDS),
  sid: mostly(['session', 'another-session.1'], SESSIONS),
  expires: mostly([300], SECONDS),
};

const BODIES: Readonly<Record<Lie['about'], Arbitrary<Record<string, unknown>>>> = {
  call: fc.record({
    callee: mostly(['sip:{id}@{phone}'], ADDRESSES),
    dtmf: mostly([true, false, undefined], [0, 'false', null, [], 'no']),
    headers: mostly([{ 'X-Line': 'sales', 'X-Page': '/a?b="c"' }, {}, undefined], HEADERS),
    error: mostly([undefined, 'busy'], ['{secret}', `busy${LINE}`, '{token}', ['busy'], { busy: 1 }]),
    ...SHARED,
  }),
  connect: fc.record({
    aor: mostly(['{aor}'], [...ADDRESSES, 'sip:desk@gateway.invalid', '{aor};x=y', '<{aor}>']),
    bind: mostly([true, false], [1, 'true', 'TRUE', null, [true], '{secret}']),
    ...SHARED,
  }),
  incoming: fc.record({
    targets: mostly(
      [['sip:{desk}@gateway.invalid'], ['sip:absent@gateway.invalid', 'sip:{desk}@gateway.invalid'], []],
      TARGETS,
    ),
    ring_seconds: mostly([25, 1, undefined], SECONDS),
    fallback: mostly(['sip:{id}@{phone}', undefined], ADDRESSES),
    ...SHARED,
    caller_id: mostly(['+254700000001', undefined], CALLERS),
  }),
};

const wire = (kept: boolean): Arbitrary<string> =>
  fc.oneof(
    { weight: 24, arbitrary: fc.constant('plain') },
    { weight: 12, arbitrary: fc.constantFrom(...WHOLE_NAMES) },
    { weight: 6, arbitrary: fc.constantFrom(...BROKEN_NAMES) },
    { weight: 1, arbitrary: fc.constantFrom(...SLOW_NAMES) },
    ...(kept ? [] : [{ weight: 6, arbitrary: fc.constantFrom(...SURPLUS_NAMES) }]),
  );

const about = (what: Lie['about'], kept: boolean): Arbitrary<Lie> =>
  fc.record({
    about: fc.constant(what),
    status: fc.oneof(
      { weight: 14, arbitrary: fc.constant('200 OK') },
      { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
      { weight: 2, arbitrary: fc.constantFrom(...REFUSALS) },
      { weight: 1, arbitrary: fc.constantFrom(...NONSENSE) },
    ),
    // As JSON writes it, and then as no program would.
    body: BODIES[what].chain((body) =>
      fc.oneof(
        { weight: 7, arbitrary: fc.constant(JSON.stringify(body)) },
        { weight: 1, arbitrary: damaged(JSON.stringify(body)) },
      ),
    ),
    bytes: fc.constantFrom('utf8', 'utf8', 'utf8', 'latin1'),
    wire: wire(kept),
    taken: fc.boolean(),
  });

/**
 * Answers that come all at once, to questions of calls that are made at the same time.
 * @param kept whether the gateway keeps its connections; then nobody knows where an answer ends that is longer than it says
 */
export const lies = (kept: boolean): Arbitrary<Lie[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: about('call', kept) },
      { weight: 2, arbitrary: about('connect', kept) },
      { weight: 2, arbitrary: about('incoming', kept) },
    ),
    { minLength: 1, maxLength: 80, size: 'max' },
  );
