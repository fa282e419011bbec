import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  createRefreshProvider,
  MintFailure,
  type MintRequest,
  type RefreshProviderOptions,
} from '../../src/server/index.js';
import { SessionToken, type TimedToken } from '../../src/server/mint/session-token.js';
import { answerJson, Upstream } from './support/upstream.js';

const request: MintRequest = { subject: 'caller', sid: 'session', scope: ['call'], line: 'sales' };

describe('the provider that keeps a refresh token', () => {
  let server: Upstream;
  let kept: string[];
  /** The refresh token that the server takes next. */
  let good: number;
  let minted: number;
  /** A session token that the server takes no more. */
  let withdrawn: string;

  beforeEach(async () => {
    server = await Upstream.start();
    [kept, good, minted, withdrawn] = [[], 1, 0, 'none'];
    // A refresh token is good for one exchange; the answer brings the next.
    server.reply = ({ path, body, headers }, response) => {
      if (path === '/mint') {
        if (headers.authorization === `Bearer ${withdrawn}`) return answerJson(response, 401, {});
        return answerJson(response, 201, { jwt_token: `minted-${++minted}`, expires_in: 120 });
      }
      if (body.refresh_token !== `refresh-${good}`) return answerJson(response, 401, {});
      good += 1;
      const token = body.resource === undefined ? `session-${good - 1}` : `minted-${++minted}`;
      const expires_in = body.resource === undefined ? 3600 : body.expires_in;
      return answerJson(response, 201, { token, refresh_token: `refresh-${good}`, expires_in });
    };
  });
  afterEach(() => server.stop());

  const provider = (options: Partial<RefreshProviderOptions> = {}) =>
    createRefreshProvider({
      url: `${server.url}/refresh`,
      refreshToken: 'refresh-1',
      onRotate: (token) => void kept.push(token),
      ...options,
    });
  const tokenOf = async (provided: ReturnType<typeof provider>) =>
    ((await provided.mint(request)).answer as { token: string }).token;
  const exchanges = () => server.seen.filter(({ path }) => path === '/refresh').length;

  describe('and exchanges it for each token', () => {
    it('asks for resource and scopes, and proves itself as it is configured to', async () => {
      const { answer, expiresIn } = await provider({ authorization: 'Basic cHJvamVjdDprZXk=' }).mint(request);
      assert.deepEqual([answer, expiresIn], [{ token: 'minted-1' }, 300]);
      assert.deepEqual(server.seen[0]?.body, {
        refresh_token: 'refresh-1',
        resource: 'caller',
        scopes: ['call'],
        expires_in: 300,
      });
      assert.equal(server.seen[0]?.headers.authorization, 'Basic cHJvamVjdDprZXk=');
    });

    it('takes resource and scopes from the configuration where they stand there', async () => {
      const scopes = ({ line }: MintRequest) => [`call:${line ?? ''}`];
      await provider({ resource: 'widget', scopes }).mint(request);
      assert.deepEqual([server.seen[0]?.body.resource, server.seen[0]?.body.scopes], ['widget', ['call:sales']]);
    });

    it('does one exchange after the other, since each brings the token for the next, and keeps all of them', async () => {
      const provided = provider();
      const tokens = await Promise.all(Array.from({ length: 5 }, () => tokenOf(provided)));
      assert.deepEqual(tokens, ['minted-1', 'minted-2', 'minted-3', 'minted-4', 'minted-5']);
      assert.deepEqual(kept, ['refresh-2', 'refresh-3', 'refresh-4', 'refresh-5', 'refresh-6']);
    });

    it('gives nothing out before the next refresh token is kept, and tries again to keep it', async () => {
      let broken = true;
      const onRotate = (token: string): void => {
        if (broken) throw new Error('the disk is full');
        kept.push(token);
      };
      const provided = provider({ onRotate });
      await assert.rejects(provided.mint(request), /the disk is full/);
      broken = false;
      assert.equal(await tokenOf(provided), 'minted-2');
      assert.deepEqual(kept, ['refresh-2', 'refresh-3']);
    });

    it('goes on after a failure', async () => {
      const provided = provider();
      const reply = server.reply;
      server.reply = (_seen, response) => answerJson(response, 500, {});
      await assert.rejects(provided.mint(request), MintFailure);
      server.reply = reply;
      assert.equal(await tokenOf(provided), 'minted-1');
    });

    it('can be kept alive through a night without calls', async () => {
      await provider().refresh();
      assert.deepEqual(kept, ['refresh-2']);
    });
  });

  describe('and mints with what it is exchanged for', () => {
    const minting = (options: Partial<RefreshProviderOptions> = {}) =>
      provider({ mintUrl: `${server.url}/mint`, ...options });

    it('exchanges once for many tokens, also for those who come at the same moment', async () => {
      const provided = minting();
      const tokens = await Promise.all(Array.from({ length: 5 }, () => tokenOf(provided)));
      assert.equal(new Set(tokens).size, 5);
      assert.equal(exchanges(), 1);
      const [mint] = server.seen.filter(({ path }) => path === '/mint');
      assert.deepEqual(mint?.body, { resource: 'caller', scopes: ['call'], expires_in: 300 });
    });

    it('says how long the token lives', async () => {
      assert.equal((await minting().mint(request)).expiresIn, 120);
    });

    it('renews a token that was withdrawn, and mints then', async () => {
      const provided = minting();
      await provided.mint(request);
      withdrawn = 'session-1';
      assert.equal(await tokenOf(provided), 'minted-2');
      assert.equal(exchanges(), 2);
    });

    it('gives up where the renewed one is not accepted either', async () => {
      server.reply = ({ path }, response) =>
        path === '/mint'
          ? answerJson(response, 401, {})
          : answerJson(response, 200, { token: 'session', expires_in: 60 });
      await assert.rejects(minting().mint(request), (error: MintFailure) => error.reason === 'unauthorized');
      assert.equal(exchanges(), 2);
    });

    it('shows the refresh token to one address alone, and in no error', async () => {
      server.reply = ({ body }, response) => answerJson(response, 500, body);
      await assert.rejects(
        minting().mint(request),
        (error: Error) => !/refresh-\d/.test(`${error.stack} ${error.message}`),
      );
      assert.deepEqual(
        server.seen.map(({ path }) => path),
        ['/refresh'],
      );
    });
  });

  it('starts with no empty refresh token, and none that would go over an open line', () => {
    assert.throws(() => provider({ refreshToken: '' }), /^TypeError: refreshToken/);
    assert.throws(() => provider({ url: 'http://auth.test/refresh' }), /^TypeError: url/);
    assert.throws(() => provider({ mintUrl: 'http://auth.test/mint' }), /^TypeError: mintUrl/);
  });
});

describe('a session token', () => {
  const source = () => {
    const waiting: (() => void)[] = [];
    let now = 1_000_000;
    let count = 0;
    const fetch = async (): Promise<TimedToken> => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { token: `token-${++count}`, expiresIn: 3600, expiresAt: new Date(now + 3_600_000) };
    };
    const settle = async (): Promise<void> => {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    const session = new SessionToken(fetch, () => now);
    return { session, settle, waiting, pass: (seconds: number) => (now += seconds * 1000) };
  };

  it('is renewed early, once, and nobody waits for that', async () => {
    const { session, settle, waiting, pass } = source();
    const first = session.get();
    await settle();
    assert.equal(await first, 'token-1');
    pass(3550);
    assert.deepEqual(await Promise.all([session.get(), session.get()]), ['token-1', 'token-1']);
    assert.equal(waiting.length, 1);
    await settle();
    assert.equal(await session.get(), 'token-2');
  });

  it('that is over is waited for', async () => {
    const { session, settle, pass } = source();
    const first = session.get();
    await settle();
    await first;
    pass(3600);
    const next = session.get();
    await settle();
    assert.equal(await next, 'token-2');
  });

  it('that was dropped is dropped once, however many noticed', async () => {
    const { session, settle } = source();
    const first = session.get();
    await settle();
    session.drop(await first);
    const next = session.get();
    await settle();
    session.drop('token-1');
    assert.equal(await next, 'token-2');
    assert.equal(await session.get(), 'token-2');
  });
});
