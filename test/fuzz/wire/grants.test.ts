import { expect } from '@open-wc/testing';
import fc, { type Arbitrary } from 'fast-check';
import sinon, { type SinonFakeTimers } from 'sinon';
import { SautikitError } from '../../../src/errors.js';
import type { Grant } from '../../../src/token/token-grant.js';
import { TokenSource } from '../../../src/token/token-source.js';
import { fakeFetch } from '../../unit/support/fake-fetch.js';
import { fakeTime } from '../../unit/support/fake-time.js';
import { bearer, digest, jwt } from '../../unit/support/grants.js';
import { CANARY } from '../support/hostile.js';
import { almost, anyJson, damaged } from '../support/json.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-page.js';

/** A grant that lives for less than this (s) is kept fresh for a minute, to see how often it is renewed. */
const SHORT = 2;
/** Once a second, and at once. */
const MOST_RENEWALS = 61;
/** Never to be read in an error. */
const SECRET = 'c2VjcmV0LXNpZ25hdHVyZQ';
const PASSWORD = 'p4ss~word!';

const shared = {
  gateway_url: ['wss://gateway.example/sip', ['wss://one.example', 'wss://two.example'], 'ws://localhost:1/'],
  expires_in: [300, 60, 7200],
  expires_at: ['2026-11-21T18:00:00Z', '2126-01-01T00:00:00+03:00', null],
  sip_uri: ['sip:v-7@gateway.example', undefined],
  callee: ['sip:call@gateway.example', undefined],
  register: ['auto', 'never', undefined],
  ice_servers: [[], [{ urls: 'stun:localhost' }], [{ urls: ['turn:localhost'], username: 'u', credential: 'c' }]],
  ice_transport_policy: ['all', 'relay', undefined],
  available: [true, undefined, false],
  opens_at: ['2026-11-21T18:00:00Z', undefined],
  max_duration: [600, undefined],
};
const tokens = ['visitor-7', '\u0000', '<img>', 'a@b', '%'].map((sub) => jwt({ sub }));
const grants: Arbitrary<Record<string, unknown>> = fc.oneof(
  { weight: 5, arbitrary: almost({ ...shared, token: [...tokens, jwt('[]'), jwt('{"sub":1}')] }) },
  { weight: 3, arbitrary: almost({ ...shared, username: ['web-4711'], password: [PASSWORD] }) },
  { weight: 1, arbitrary: almost({ ...shared, token: tokens, password: [PASSWORD, undefined] }) },
  {
    weight: 1,
    arbitrary: almost({
      error: ['token-denied', 'rate-limited', 'line-closed', 'nonsense'],
      retry_after: [5, 1e300],
      challenge: [{ type: 'other', secret: SECRET }],
    }),
  },
);

const answer = fc.tuple(
  fc.oneof({ weight: 6, arbitrary: fc.constant(200) }, { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) }),
  grants.chain((grant) => damaged(JSON.stringify(grant))),
);
/** What an endpoint says first, and what it says to every renewal. */
const answers = fc.tuple(answer, answer);

/** What no JSON holds, but a function of the page may give. */
const ODD: readonly (() => unknown)[] = [
  () =>
    new Proxy(
      {},
      {
        get(_, name) {
          throw new TypeError(String(name));
        },
      },
    ),
  () => Symbol('grant'),
  () => 10n,
  () => () => bearer(),
  () => Promise.reject(new Error(SECRET)),
  () => ({ ...bearer(), gateway_url: { toString: () => 'wss://gateway.example' } }),
  () => ({ ...bearer(), expires_in: Object(300) as unknown }),
  () => ({ ...digest(), password: [PASSWORD] }),
  () => Object.freeze(bearer()),
];
const FIELDS = [...Object.keys(shared), 'token', 'password', 'username', 'error', 'challenge', 'then'];

interface Given {
  grant: unknown;
  /** Fields that throw when they are read. */
  throws: string[];
  /** Which of the odd things is given instead. */
  odd: number | undefined;
}
const given: Arbitrary<Given> = fc.record({
  grant: fc.oneof({ weight: 4, arbitrary: grants }, { weight: 1, arbitrary: anyJson }),
  throws: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray(FIELDS, { maxLength: 2 }) },
  ),
  odd: fc.option(fc.nat(ODD.length - 1), { nil: undefined, freq: 5 }),
});

function made({ grant, throws, odd }: Given): unknown {
  if (odd !== undefined) return ODD[odd]!();
  if (throws.length === 0 || typeof grant !== 'object' || !grant) return grant;
  const get = (): never => {
    throw new RangeError(`${SECRET} ${CANARY}`);
  };
  return Object.defineProperties({ ...grant }, Object.fromEntries(throws.map((name) => [name, { get }])));
}

/** A grant that a call can be made with, however it was written. */
function expectSound(grant: Grant): void {
  const { credential, gatewayUrls, sipUri, callee, lifetime, maxDuration } = grant;
  if (credential.kind === 'bearer') expect(credential.token).to.match(/^[\x21-\x7e]+$/);
  else expect(credential.username + credential.password).to.match(/^[\x21-\x7e]+$/);
  expect(gatewayUrls).not.to.be.empty;
  for (const url of gatewayUrls) expect(url).to.match(/^(wss:|ws:\/\/(localhost|127\.|\[::1\]))/);
  for (const address of [sipUri, callee])
    expect(address)
      .to.match(/^sip:[!-~]+@[!-~]+$/)
      .and.not.match(/[<>"]/);
  expect(lifetime).to.be.above(0).and.below(Infinity);
  if (maxDuration !== undefined) expect(maxDuration).to.be.above(0).and.below(Infinity);
}

function expectTyped(error: unknown): void {
  expect(error, String(error)).to.be.instanceOf(SautikitError);
  const { message, code } = error as SautikitError;
  expect(code).to.match(/^[a-z-]+$/);
  for (const secret of [SECRET, PASSWORD, CANARY]) expect(message).not.to.include(secret);
}

describe('grants that lie', function () {
  this.timeout(patience);
  this.retries(0);
  let clock: SinonFakeTimers;
  let inputs = 0;
  let sound = 0;
  /** The most requests that one grant has caused in a minute. */
  let busiest = 0;

  beforeEach(() => {
    clock = fakeTime();
    inputs = sound = busiest = 0;
  });
  afterEach(() => {
    clock.restore();
    sinon.restore();
    expect(CANARY in globalThis).to.be.false;
    expect(Object.keys(Object.prototype)).to.be.empty;
  });

  /** Takes a grant; whatever it is, something is said of it, and it is asked for no oftener than makes sense. */
  async function take(source: TokenSource, requests: () => number): Promise<void> {
    inputs++;
    try {
      const grant = await source.take();
      expectSound(grant);
      sound++;
      if (grant.lifetime < SHORT) {
        const before = requests();
        source.keepFresh(() => {});
        await clock.tickAsync(60_000);
        const caused = requests() - before;
        busiest = Math.max(busiest, caused);
        expect(caused, 'requests in a minute').to.be.at.most(MOST_RENEWALS);
      }
    } catch (error) {
      if ((error as Error).name === 'AssertionError') throw error;
      expectTyped(error);
    } finally {
      source.close();
    }
  }

  it('become a grant that is sound, or an error with a code: what an endpoint answers', async () => {
    let next: [status: number, body: string][] = [];
    const asked = fakeFetch(() => {
      const [status, body] = (next.length > 1 ? next.shift() : next[0])!;
      const empty = [204, 205, 304].includes(status);
      return new Response(empty ? null : body, { status });
    });
    await fc.assert(
      fc.asyncProperty(answers, async (both) => {
        asked.length = 0;
        next = [...both];
        await take(new TokenSource({ from: { url: `/token-${inputs}` } }), () => asked.length);
      }),
      parameters(2000),
    );
    expect(sound).to.be.above(0);
    await tell('grants of an endpoint', inputs, { sound, mostRequestsInAMinute: busiest });
  });

  it('become a grant that is sound, or an error with a code: what a function of the page gives', async () => {
    await fc.assert(
      fc.asyncProperty(given, async (what) => {
        let asked = 0;
        const source = new TokenSource({
          from: async () => {
            asked++;
            return made(what);
          },
          onTokenRefresh: (expiresAt) => void expiresAt.getTime(),
        });
        await take(source, () => asked);
      }),
      parameters(1000),
    );
    expect(sound).to.be.above(0);
    await tell('grants of a function', inputs, { sound, mostRequestsInAMinute: busiest });
  });
});
