import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { createHash } from 'node:crypto';
import {
  createAltchaCheck,
  createTurnstileCheck,
  type AltchaCheckOptions,
  type HumanCheck,
} from '../../src/server/index.js';
import { solve } from './support/proof-of-work.js';
import { stores, startStores, stopStores } from './support/stores.js';

const secret = 'a secret for proofs of work, and for nothing else';
const calm = { pressure: 0 };

before(startStores);
after(stopStores);

for (const [where, keep] of Object.entries(stores)) {
  describe(`the proof of work, with used solutions ${where}`, () => {
    let spent: ReturnType<ReturnType<typeof keep>['oneTime']>;
    let check: HumanCheck;
    const create = (options: Partial<AltchaCheckOptions> = {}): HumanCheck =>
      createAltchaCheck({ secret, maxNumber: 1000, spent, ...options });

    beforeEach(() => {
      spent = keep().oneTime();
      check = create();
    });
    afterEach(() => mock.timers.reset());

    it('is a challenge that says all that a browser needs', async () => {
      const challenge = await check.challenge(calm);
      const fields = ['algorithm', 'challenge', 'maxnumber', 'salt', 'signature', 'type'];
      assert.deepEqual(Object.keys(challenge).sort(), fields);
      assert.deepEqual([challenge.type, challenge.algorithm, challenge.maxnumber], ['altcha', 'SHA-256', 1000]);
    });

    it('is never more than the element begins to solve', async () => {
      const { maxnumber } = await create({ maxNumber: 625_000 }).challenge({ pressure: 1 });
      assert.equal(maxnumber, 5_000_000);
    });

    it('passes whoever has solved it, once', async () => {
      const solution = solve(await check.challenge(calm));
      assert.equal(await check.verify(solution, calm), true);
      assert.equal(await check.verify(solution, calm), false);
    });

    it('passes one of many who show the same solution at the same moment', async () => {
      const solution = solve(await check.challenge(calm));
      const answers = await Promise.all(Array.from({ length: 20 }, () => check.verify(solution, calm)));
      assert.equal(answers.filter(Boolean).length, 1);
    });

    it('passes nobody with a solution that was used at another server', async () => {
      const solution = solve(await check.challenge(calm));
      assert.equal(await check.verify(solution, calm), true);
      assert.equal(await create().verify(solution, calm), false);
    });

    const lies: Record<string, (solution: Record<string, unknown>, other: Record<string, unknown>) => unknown> = {
      'a number that solves nothing': (solution) => ({ ...solution, number: Number(solution.number) + 1 }),
      'the number of another challenge': (solution, other) => ({ ...solution, number: other.number }),
      'the signature of another challenge': (solution, other) => ({ ...solution, signature: other.signature }),
      'another salt': (solution, other) => ({ ...solution, salt: other.salt }),
      'a salt that expires later': (solution) => ({
        ...solution,
        salt: String(solution.salt).replace(/expires=\d+/, 'expires=9999999999'),
      }),
      'digits moved from the number into the salt': (solution) => ({
        ...solution,
        salt: `${String(solution.salt)}${String(solution.number).slice(0, 1)}`,
        number: Number(String(solution.number).slice(1)),
      }),
      'a challenge of its own making': (solution) => {
        const salt = 'ab?expires=9999999999&level=5&';
        const challenge = createHash('sha256').update(`${salt}1`).digest('hex');
        return { ...solution, salt, number: 1, challenge };
      },
      'the same in capitals': (solution) => ({ ...solution, challenge: String(solution.challenge).toUpperCase() }),
      'a weaker algorithm': (solution) => ({ ...solution, algorithm: 'SHA-1' }),
      'a number that is a text': (solution) => ({ ...solution, number: String(solution.number) }),
      'another type': (solution) => ({ ...solution, type: 'turnstile' }),
      'nothing to the question': ({ type, algorithm, challenge, salt, signature }) => ({
        ...{ type, algorithm, challenge, salt, signature },
      }),
      'lists and objects': (solution) => ({ ...solution, salt: [solution.salt], signature: {} }),
      'a text': () => 'altcha',
      nothing: () => null,
    };
    for (const [what, lie] of Object.entries(lies)) {
      it(`passes nobody with ${what}`, async () => {
        const [solution, other] = [solve(await check.challenge(calm)), solve(await check.challenge(calm))];
        // Numbers of two challenges may be the same by chance, and then this one would be no lie.
        if (what === 'the number of another challenge' && solution.number === other.number) other.number = 0;
        assert.equal(await check.verify(lie(solution, other), calm), false);
        assert.equal(await check.verify(solution, calm), true);
      });
    }

    it('is not made easier by another maxnumber, which says only where to stop searching', async () => {
      const solution = solve(await check.challenge(calm));
      assert.equal(await check.verify({ ...solution, maxnumber: 1, number: 0 }, calm), false);
    });

    it('passes nobody after its time', async () => {
      mock.timers.enable({ apis: ['Date'], now: Date.now() });
      const solution = solve(await create({ lifetime: 60 }).challenge(calm));
      mock.timers.tick(62_000);
      assert.equal(await check.verify(solution, calm), false);
    });

    it('passes nobody who brings the challenge of another server', async () => {
      const stranger = create({ secret: secret.toUpperCase() });
      assert.equal(await check.verify(solve(await stranger.challenge(calm)), calm), false);
    });

    it('becomes harder the nearer an address is to its hard limit', async () => {
      const numbers = await Promise.all([0, 0.1, 0.2, 0.5, 0.9, 1].map((pressure) => check.challenge({ pressure })));
      const most = numbers.map(({ maxnumber }) => maxnumber);
      assert.deepEqual(most, [1000, 1000, 1000, 4000, 8000, 8000]);
    });

    it('passes nobody with what was set to somebody more welcome, but does not mind one step', async () => {
      const easy = solve(await check.challenge(calm));
      assert.equal(await check.verify(easy, { pressure: 1 }), false);
      assert.equal(await check.verify(easy, { pressure: 0.3 }), true);
    });
  });
}

describe('the proof of work', () => {
  it('is not set with a secret that can be guessed, or with next to no work', () => {
    assert.throws(() => createAltchaCheck({ secret: 'short' }), /at least 32/);
    assert.throws(() => createAltchaCheck({ secret, maxNumber: 10 }), /maxNumber/);
    assert.throws(() => createAltchaCheck({ secret, maxNumber: 1_000_000 }), /maxNumber is more than 625000/);
    assert.throws(() => createAltchaCheck({ secret, lifetime: 0 }), /lifetime/);
  });
});

describe('a check that somebody else makes', () => {
  const answers = (answer: () => Response) => {
    const asked: { url: string; body: Record<string, string> }[] = [];
    const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
      asked.push({ url: String(url), body: Object.fromEntries(init?.body as URLSearchParams) });
      return answer();
    };
    return { asked, check: createTurnstileCheck({ siteKey: 'public', secret: 'private', fetch }) };
  };
  const answer = { type: 'turnstile', response: 'from the widget' };

  it('tells the browser what its widget needs', async () => {
    const { check } = answers(() => new Response());
    assert.deepEqual(await check.challenge(calm), { type: 'turnstile', site_key: 'public' });
  });

  it('passes whom they pass', async () => {
    const { asked, check } = answers(() => Response.json({ success: true }));
    assert.equal(await check.verify(answer, { ...calm, address: '192.0.2.1' }), true);
    const body = { secret: 'private', response: 'from the widget', remoteip: '192.0.2.1' };
    assert.deepEqual(asked[0]?.body, body);
    assert.equal(new URL(asked[0]!.url).protocol, 'https:');
  });

  for (const [what, said] of Object.entries({
    'a refusal': () => Response.json({ success: false, 'error-codes': ['timeout-or-duplicate'] }),
    'a failure': () => new Response('down', { status: 500 }),
    'something else': () => Response.json({ success: 'true' }),
    nothing: () => Response.json(null),
  })) {
    it(`passes nobody on ${what}`, async () => {
      assert.equal(await answers(said).check.verify(answer, calm), false);
    });
  }

  it('does not ask them about what cannot be an answer', async () => {
    const { asked, check } = answers(() => Response.json({ success: true }));
    for (const wrong of [
      null,
      'text',
      {},
      { type: 'altcha', response: 'x' },
      { ...answer, response: 'x'.repeat(3000) },
    ]) {
      assert.equal(await check.verify(wrong, calm), false);
    }
    assert.deepEqual(asked, []);
  });
});
