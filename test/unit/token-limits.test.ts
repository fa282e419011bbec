import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers } from 'sinon';
import { SautikitError, type ErrorCode } from '../../src/errors.js';
import type { TokenEndpoint } from '../../src/token/token-request.js';
import { TokenSource, type TokenProvider } from '../../src/token/token-source.js';
import { rejection, standing } from './support/errors.js';
import { fakeFetch, hang, hangForGood, reply, unreachable } from './support/fake-fetch.js';
import { fakeTime, turn } from './support/fake-time.js';
import { bearer } from './support/grants.js';

let clock: SinonFakeTimers;

beforeEach(() => {
  clock = fakeTime();
});

afterEach(() => {
  clock.restore();
  sinon.restore();
});

let endpoints = 0;
const endpoint = (): TokenEndpoint => ({ url: `/api/limited-${++endpoints}` });
const take = (from: TokenEndpoint | TokenProvider) => new TokenSource({ from }).take();

/** True where a request ends with `token-unreachable` after 10 s, not before, and leaves nothing behind. */
async function expectLimit(request: Promise<unknown>): Promise<void> {
  await clock.tickAsync(9_999);
  expect(await standing(request)).to.equal('pending');
  const ended = rejection(request);
  await clock.tickAsync(1);
  expect((await ended).code).to.equal('token-unreachable');
  expect(clock.countTimers()).to.equal(0);
}

describe('a grant that does not come', () => {
  it('is given up after 10 s where the server hangs, and the request is aborted', async () => {
    const asked = fakeFetch(hang);
    await expectLimit(take(endpoint()));
    expect(asked[0]!.init.signal?.aborted).to.be.true;
  });

  it('is given up after 10 s where nothing hears the abort', async () => {
    fakeFetch(hangForGood);
    await expectLimit(take(endpoint()));
  });

  it('is given up after 10 s where the body hangs', async () => {
    fakeFetch(() => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));
    await expectLimit(take(endpoint()));
  });

  it('is given up after 10 s in all where the second try with GET hangs', async () => {
    fakeFetch(({ method, init }) =>
      method === 'POST'
        ? new Promise((resolve) => setTimeout(() => resolve(new Response(null, { status: 405 })), 6_000))
        : hang({ url: new URL('https://a.example'), method, headers: new Headers(), json: undefined, init }),
    );
    await expectLimit(take(endpoint()));
  });

  it("is given up after 10 s where the page's own function hangs", async () => {
    await expectLimit(take(() => new Promise(() => {})));
  });

  it('is asked for anew afterwards', async () => {
    const asked = fakeFetch(hang, reply(200, bearer()));
    const source = new TokenSource({ from: endpoint() });
    await expectLimit(source.take());
    expect((await source.take()).lifetime).to.equal(300);
    expect(asked).to.have.length(2);
  });

  it('is aborted at once when the source is closed', async () => {
    const asked = fakeFetch(hang);
    const source = new TokenSource({ from: endpoint() });
    const request = source.take();
    await turn();
    source.close();
    expect((await rejection(request)).code).to.equal('token-unreachable');
    expect(asked[0]!.init.signal?.aborted).to.be.true;
    expect(clock.countTimers()).to.equal(0);
  });

  it('leaves no timer when it comes after all', async () => {
    fakeFetch(reply(200, bearer()));
    await take(endpoint());
    expect(clock.countTimers()).to.equal(0);
  });
});

describe('a refusal, through the token source', () => {
  const refusals: [status: number, body: unknown, code: ErrorCode, field?: string][] = [
    [401, { error: 'token-denied' }, 'token-denied'],
    [403, '<h1>Forbidden</h1>', 'token-denied'],
    [404, { error: 'not-found' }, 'not-found'],
    [404, undefined, 'not-found'],
    [405, undefined, 'token-denied'],
    [429, { error: 'rate-limited', retry_after: 3 }, 'rate-limited'],
    [500, undefined, 'token-unreachable'],
    [502, { error: 'upstream' }, 'token-unreachable'],
    [503, '<h1>Later</h1>', 'token-unreachable'],
    [200, '<h1>Log in</h1>', 'token-malformed', 'body'],
    [200, '', 'token-malformed', 'body'],
    [204, undefined, 'token-malformed', 'body'],
    [200, '{"token', 'token-malformed', 'body'],
    [200, 'null', 'token-malformed', 'body'],
    [200, [], 'token-malformed', 'body'],
    [200, {}, 'token-malformed', 'token'],
    [200, ' '.repeat(70_000), 'token-malformed', 'body'],
    [200, { available: false }, 'line-closed'],
    [201, { ...bearer(), expires_at: 'soon' }, 'token-malformed', 'expires_at'],
  ];
  for (const [status, body, code, field] of refusals) {
    const what = JSON.stringify(body)?.slice(0, 50) ?? 'nothing';
    it(`${status} with ${what} ends in ${code}, once`, async () => {
      const asked = fakeFetch(reply(status, body));
      const error = await rejection(take(endpoint()));
      expect(error.code).to.equal(code);
      expect(error.field).to.equal(field);
      expect(asked.filter(({ method }) => method === 'POST')).to.have.length(1);
      expect(clock.countTimers()).to.equal(0);
    });
  }

  it('never says more than the code where there is no network', async () => {
    fakeFetch(unreachable);
    expect((await rejection(take(endpoint()))).message).to.equal('token-unreachable');
  });

  it('is typed where the address of the endpoint is none', async () => {
    expect((await rejection(take({ url: 'https://' }))).code).to.equal('token-unreachable');
  });
});

describe("a page's own function for grants", () => {
  const failing: [what: string, provider: TokenProvider, code: ErrorCode][] = [
    [
      'throws',
      () => {
        throw new Error('secret');
      },
      'token-unreachable',
    ],
    ['rejects', () => Promise.reject(new Error('secret')), 'token-unreachable'],
    ['rejects with nothing', () => Promise.reject(), 'token-unreachable'],
    ['rejects with an error of ours', () => Promise.reject(new SautikitError('rate-limited')), 'rate-limited'],
    ['returns nothing', () => Promise.resolve(undefined), 'token-malformed'],
    ['returns its token alone', () => Promise.resolve('abc'), 'token-malformed'],
    ['returns the response', () => Promise.resolve(new Response('{}')), 'token-malformed'],
  ];
  for (const [what, provider, code] of failing) {
    it(`gives a typed error when it ${what}`, async () => {
      const error = await rejection(take(provider));
      expect(error.code).to.equal(code);
      expect(error.message).not.to.contain('secret');
    });
  }

  it('may answer without a promise', async () => {
    // As a page without types may write it.
    const provider = (() => bearer()) as unknown as TokenProvider;
    expect((await take(provider)).lifetime).to.equal(300);
  });
});
