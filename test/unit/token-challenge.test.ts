import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { createTokenHandler } from '../../src/server/token-handler.js';
import { createAltchaCheck } from '../../src/server/challenge/altcha-check.js';
import { createMemoryGrantStore } from '../../src/server/grants.js';
import type { TokenLimits } from '../../src/server/limits/limits.js';
import { createSigner } from '../../src/server/mint/signer.js';
import { solveAltcha } from '../../src/token/altcha.js';
import type { Challenge, SolveChallenge } from '../../src/token/token-challenge.js';
import { SOLVE_LIMIT } from '../../src/token/token-challenge.js';
import { TokenSource, type TokenSourceOptions } from '../../src/token/token-source.js';
import { rejection, standing } from './support/errors.js';
import { fakeFetch, hang, reply } from './support/fake-fetch.js';
import { fakeTime } from './support/fake-time.js';
import { bearer, tokenOf } from './support/grants.js';

const SECRET = 'a secret for proofs of work, and for nothing else';
const WORD = 'word-of-the-server';

const check = createAltchaCheck({ secret: SECRET, maxNumber: 3000 });
const proof = () => check.challenge({ pressure: 0 });
const required = (challenge?: unknown) => reply(403, { error: 'challenge-required', challenge });
const never = new AbortController().signal;

let endpoints = 0;
const sourceOf = (options: Partial<TokenSourceOptions> = {}) =>
  new TokenSource({ from: { url: `/api/challenging-${++endpoints}` }, ...options });

describe('a proof of work', () => {
  it('is solved as its server wants it', async () => {
    const challenge = await proof();
    const answer = await solveAltcha(challenge, never);
    expect(answer).to.have.all.keys('type', 'algorithm', 'challenge', 'salt', 'signature', 'number');
    expect(await check.verify(answer, { pressure: 0 })).to.be.true;
  });

  it('lets the page do something else meanwhile', async () => {
    const challenge = { ...(await proof()), challenge: '0'.repeat(64), maxnumber: 20_000 };
    let turns = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      turns++;
      port2.postMessage(0);
    };
    port2.postMessage(0);
    await solveAltcha(challenge, never);
    port1.close();
    expect(turns).to.be.greaterThan(10);
  });

  it('is given up where no number solves it', async () => {
    expect(await solveAltcha({ ...(await proof()), challenge: '0'.repeat(64) }, never)).to.be.undefined;
  });

  it('is searched for up to the last number that it names', async () => {
    for (const number of [0, 255, 256, 300]) {
      const salt = 'salt&';
      const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(salt + number));
      const challenge = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const of = (maxnumber: number) =>
        solveAltcha({ algorithm: 'SHA-256', challenge, salt, signature: '', maxnumber }, never);
      expect((await of(number))?.['number']).to.equal(number);
      expect(await of(number - 1)).to.be.undefined;
    }
  });

  it('ends when nobody waits for it any more', async () => {
    const digest = sinon.spy(crypto.subtle, 'digest');
    const abort = new AbortController();
    const solving = solveAltcha({ ...(await proof()), challenge: '0'.repeat(64), maxnumber: 5_000_000 }, abort.signal);
    abort.abort();
    expect(await solving).to.be.undefined;
    expect(digest.callCount).to.be.lessThan(1000);
    digest.restore();
  });

  const wrong: [string, Record<string, unknown>][] = [
    ['asks for more than a phone can do', { maxnumber: 5_000_001 }],
    ['has no end', { maxnumber: Infinity }],
    ['has an end that is no number', { maxnumber: '1000' }],
    ['uses another algorithm', { algorithm: 'SHA-512' }],
    ['has no hash', { challenge: 'zz' }],
    ['has no salt', { salt: null }],
    ['has a salt without end', { salt: 'x'.repeat(10_000) }],
    ['has no signature', { signature: undefined }],
  ];
  for (const [what, change] of wrong) {
    it(`is not even begun where it ${what}`, async () => {
      const digest = sinon.spy(crypto.subtle, 'digest');
      expect(await solveAltcha({ ...(await proof()), ...change }, never)).to.be.undefined;
      // The server's own half of this test hashes too, once, before.
      expect(digest.callCount).to.be.lessThan(3);
      digest.restore();
    });
  }
});

describe('a token endpoint that wants to see a human', () => {
  afterEach(() => sinon.restore());

  it('is asked once more, with the proof of work in the body', async () => {
    const asked = fakeFetch(required(await proof()), reply(200, bearer()));
    await sourceOf({ request: { line: 'sales', context: { page: '/' } } }).take();
    expect(asked).to.have.length(2);
    const { challenge, ...rest } = asked[1]!.json as Record<string, unknown>;
    expect(rest).to.deep.equal(asked[0]!.json);
    expect(rest).to.deep.equal({ line: 'sales', context: { page: '/' } });
    expect(await check.verify(challenge, { pressure: 0 })).to.be.true;
  });

  it('gets no answer a second time: whoever asks again wants none', async () => {
    const asked = fakeFetch(required(await proof()), required(await proof()));
    const error = await rejection(sourceOf().take());
    expect(error.code).to.equal('challenge-required');
    expect(error).not.to.have.property('challenge');
    expect(asked).to.have.length(2);
  });

  it('keeps what it says instead of a grant after the proof', async () => {
    fakeFetch(required(await proof()), reply(429, { error: 'rate-limited', retry_after: 7 }));
    const error = await rejection(sourceOf().take());
    expect([error.code, error.retryAfter]).to.deep.equal(['rate-limited', 7]);
  });

  for (const challenge of [undefined, null, 'text', {}, { type: 7 }, { type: 'altcha' }, { type: 'other' }]) {
    it(`is not asked again where the challenge is ${JSON.stringify(challenge)}`, async () => {
      const asked = fakeFetch(required(challenge));
      expect((await rejection(sourceOf().take())).code).to.equal('challenge-required');
      expect(asked).to.have.length(1);
    });
  }

  it('is not asked again where it takes GET only, which holds no answer', async () => {
    const asked = fakeFetch(required(await proof()));
    const source = sourceOf({ from: { url: '/api/challenging-get', method: 'GET' } });
    expect((await rejection(source.take())).code).to.equal('challenge-required');
    expect(asked).to.have.length(1);
  });

  it('gets answers to renewals, too', async () => {
    const asked = fakeFetch(reply(200, bearer()), required(await proof()), reply(200, bearer()));
    const source = sourceOf();
    const grant = await source.take();
    await source.renew();
    expect((asked[2]!.json as { renew: string }).renew).to.equal(tokenOf(grant));
    expect(asked[2]!.json).to.have.property('challenge');
  });

  it('gives every later grant without a proof, if it likes', async () => {
    const asked = fakeFetch(required(await proof()), reply(200, bearer()), reply(200, bearer()));
    const source = sourceOf();
    source.spend(await source.take());
    await source.take();
    expect(asked[2]!.json).not.to.have.property('challenge');
  });

  it('is quoted in no error and no log', async () => {
    const log = sinon.spy();
    fakeFetch(required({ type: WORD, text: WORD }));
    const error = await rejection(sourceOf({ log }).take());
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.to.contain(WORD);
    expect(JSON.stringify(log.args)).not.to.contain(WORD);
  });
});

describe('a check that the page solves itself', () => {
  afterEach(() => sinon.restore());

  const turnstile: Challenge = { type: 'turnstile', site_key: 'public' };
  const answered = async (solveChallenge: SolveChallenge) => {
    const asked = fakeFetch(required(turnstile), reply(200, bearer()));
    await sourceOf({ solveChallenge }).take();
    return (asked[1]!.json as { challenge: unknown }).challenge;
  };

  it('is shown to it as the server sent it', async () => {
    const solve = sinon.spy(async () => 'solved');
    await answered(solve);
    expect((solve.firstCall.args as unknown[])[0]).to.deep.equal(turnstile);
  });

  it('is answered with a text, or with an object as it is', async () => {
    expect(await answered(async () => 'solved')).to.deep.equal({ type: 'turnstile', response: 'solved' });
    sinon.restore();
    expect(await answered(async () => ({ type: 'own', any: 1 }))).to.deep.equal({ type: 'own', any: 1 });
  });

  const failures: [string, SolveChallenge][] = [
    ['rejects', () => Promise.reject(new Error(WORD))],
    [
      'throws',
      () => {
        throw new Error(WORD);
      },
    ],
    ['has no answer', async () => undefined],
    ['answers nonsense', async () => 7],
  ];
  for (const [what, solveChallenge] of failures) {
    it(`is a typed error where the function ${what}`, async () => {
      const asked = fakeFetch(required(turnstile));
      const error = await rejection(sourceOf({ solveChallenge }).take());
      expect(error.code).to.equal('challenge-required');
      expect(`${error.message} ${error.stack}`).not.to.contain(WORD);
      expect(asked).to.have.length(1);
    });
  }

  it('may take longer than a request, but not for ever', async () => {
    const clock = fakeTime();
    fakeFetch(required(turnstile));
    let signal: AbortSignal | undefined;
    const solveChallenge: SolveChallenge = (_, aborted) => {
      signal = aborted;
      return new Promise(() => {});
    };
    const grant = sourceOf({ solveChallenge }).take();
    const ended = rejection(grant);
    await clock.tickAsync(SOLVE_LIMIT - 1);
    expect(await standing(grant)).to.equal('pending');
    expect(signal!.aborted).to.be.false;
    await clock.tickAsync(1);
    expect((await ended).code).to.equal('challenge-required');
    expect(signal!.aborted).to.be.true;
    expect(clock.countTimers()).to.equal(0);
    clock.restore();
  });

  it('ends with the source', async () => {
    fakeFetch(required(turnstile), hang);
    let begun!: (signal: AbortSignal) => void;
    const started = new Promise<AbortSignal>((resolve) => (begun = resolve));
    const source = sourceOf({
      solveChallenge: (_, aborted) => {
        begun(aborted);
        return new Promise(() => {});
      },
    });
    const ended = rejection(source.take());
    const signal = await started;
    source.close();
    expect((await ended).code).to.equal('token-unreachable');
    expect(signal.aborted).to.be.true;
  });
});

describe('a token provider', () => {
  it('is asked once more with the answer where it passes a challenge on', async () => {
    const challenge = await proof();
    const from = sinon.spy(async ({ challenge: answer }: { challenge?: unknown }) =>
      answer ? bearer() : { error: 'challenge-required', challenge },
    );
    await sourceOf({ from }).take();
    expect(from.callCount).to.equal(2);
    expect(await check.verify(from.secondCall.args[0].challenge, { pressure: 0 })).to.be.true;
  });
});

describe('the true token endpoint, asked too often', () => {
  afterEach(() => sinon.restore());

  it('is satisfied by the element’s proof, again and again, up to its hard limit', async () => {
    let count = 0;
    const limits: TokenLimits = {
      async countAddress() {
        count++;
        return { level: count > 5 ? 'hard' : count > 1 ? 'soft' : 'below', pressure: 0, retryAfter: 7 };
      },
      async admitMint() {},
      async admitRenewal() {},
    };
    const handler = createTokenHandler({
      lines: { sales: { callee: 'sip:desk@example.test' } },
      mint: createSigner({ key: SECRET }),
      grants: createMemoryGrantStore(),
      gatewayUrl: 'wss://gateway.test/sip',
      domain: 'example.test',
      limits,
      challenge: createAltchaCheck({ secret: SECRET, maxNumber: 1000 }),
      clientAddress: () => '192.0.2.1',
    });
    const statuses: number[] = [];
    sinon.stub(globalThis, 'fetch').callsFake(async (url, init) => {
      // A request that is made by hand has no Origin, and browsers let no page set one.
      const headers = new Headers(init!.headers);
      const request = { url: String(url), method: 'POST', headers, body: new Response(init!.body).body, signal: null };
      headers.get = (name) => (name === 'Origin' ? location.origin : Headers.prototype.get.call(headers, name));
      const response = await handler(request as unknown as Request);
      statuses.push(response.status);
      return response;
    });
    const source = sourceOf();
    for (let call = 0; call < 3; call++) source.spend(await source.take());
    expect((await rejection(source.take())).code).to.equal('rate-limited');
    expect(statuses).to.deep.equal([200, 403, 200, 403, 200, 429]);
  });
});
