import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { ErrorCode } from '../../src/errors.js';
import { requestToken, type TokenEndpoint, type TokenRequest } from '../../src/token/token-request.js';
import { rejection } from './support/errors.js';
import { fakeFetch, hang, reply, stream, unreachable } from './support/fake-fetch.js';

const GRANT = { token: 'abc' };
const SECRET = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
const MISSING = '<!doctype html><title>Not found</title>';

let endpoints = 0;
/** What was learnt of an endpoint lasts as long as the page, so every test has one of its own. */
const endpoint = (extra: Partial<TokenEndpoint> = {}): TokenEndpoint => ({
  url: `/api/sip-token-${++endpoints}`,
  ...extra,
});

const ask = (to: TokenEndpoint, request: TokenRequest = {}, signal = new AbortController().signal) =>
  requestToken(to, request, signal);

describe('a token request', () => {
  afterEach(() => sinon.restore());

  it('is a POST with JSON, and returns what was answered', async () => {
    const asked = fakeFetch(reply(200, GRANT));
    const to = endpoint();
    expect(await ask(to, { line: 'sales', context: { campaign: 'spring' } })).to.deep.equal(GRANT);
    expect(asked).to.have.length(1);
    expect(asked[0]!.method).to.equal('POST');
    expect(asked[0]!.url.href).to.equal(new URL(to.url, document.baseURI).href);
    expect(asked[0]!.json).to.deep.equal({ line: 'sales', context: { campaign: 'spring' } });
    expect(asked[0]!.headers.get('Accept')).to.equal('application/json');
    expect(asked[0]!.headers.get('Content-Type')).to.equal('application/json');
  });

  it('reads the answer of a fetch that a page has put there, and that knows no streams', async () => {
    const answer = { status: 200, ok: true, text: () => Promise.resolve(JSON.stringify(GRANT)) };
    fakeFetch(() => answer as Response);
    expect(await ask(endpoint())).to.deep.equal(GRANT);
    sinon.restore();
    fakeFetch(() => ({ ...answer, text: () => Promise.resolve('') }) as Response);
    expect((await rejection(ask(endpoint()))).code).to.equal('token-malformed');
  });

  it('carries nothing that nobody asked for', async () => {
    const asked = fakeFetch(reply(200, GRANT));
    await ask(endpoint());
    expect(asked[0]!.json).to.deep.equal({});
    expect([...asked[0]!.headers.keys()]).to.have.members(['accept', 'content-type']);
  });

  it('is never cached', async () => {
    const asked = fakeFetch(reply(404), reply(200, GRANT));
    await ask(endpoint());
    expect(asked.map(({ init }) => init.cache)).to.deep.equal(['no-store', 'no-store']);
  });

  it('carries cookies to its own origin only, unless told otherwise', async () => {
    const asked = fakeFetch(reply(200, GRANT));
    await ask(endpoint());
    await ask(endpoint({ credentials: 'include' }));
    await ask(endpoint({ credentials: 'omit' }));
    expect(asked.map(({ init }) => init.credentials)).to.deep.equal(['same-origin', 'include', 'omit']);
  });

  it('puts the token that is renewed into the body', async () => {
    const asked = fakeFetch(reply(200, GRANT));
    await ask(endpoint(), { line: 'sales', renew: SECRET });
    expect(asked[0]!.json).to.deep.equal({ line: 'sales', renew: SECRET });
    expect(asked[0]!.url.href).not.to.contain(SECRET);
  });

  it('reads an answer that comes in pieces, through the middle of a character', async () => {
    const bytes = new TextEncoder().encode('{"a":"Zoë"}');
    fakeFetch(() => new Response(stream(bytes.slice(0, 9), bytes.slice(9))));
    expect(await ask(endpoint())).to.deep.equal({ a: 'Zoë' });
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    fakeFetch(hang);
    const request = ask(endpoint(), {}, abort.signal);
    abort.abort();
    expect((await rejection(request)).code).to.equal('token-unreachable');
  });
});

describe('a backend that takes no field which it does not know', () => {
  afterEach(() => sinon.restore());

  const correlated = { line: 'sales', correlation_id: 'b7e2' };

  for (const status of [400, 422]) {
    it(`is asked once more without the id after a ${status}, and from then on`, async () => {
      const asked = fakeFetch(reply(status, { error: 'Bad Request' }), reply(200, GRANT), reply(200, GRANT));
      const to = endpoint();
      expect(await ask(to, correlated)).to.deep.equal(GRANT);
      expect(await ask(to, correlated)).to.deep.equal(GRANT);
      expect(asked.map(({ json }) => json)).to.deep.equal([correlated, { line: 'sales' }, { line: 'sales' }]);
    });
  }

  it('is none where the other request is refused too', async () => {
    const asked = fakeFetch(reply(400), reply(400), reply(200, GRANT));
    const to = endpoint();
    const { code, tried } = await rejection(ask(to, correlated));
    expect([code, tried]).to.deep.equal(['token-denied', { step: 'token', attempts: 2 }]);
    await ask(to, correlated);
    expect(asked.map(({ json }) => json)).to.deep.equal([correlated, { line: 'sales' }, correlated]);
  });

  it('is asked once where there was no id', async () => {
    const asked = fakeFetch(reply(400));
    await rejection(ask(endpoint(), { line: 'sales' }));
    expect(asked).to.have.length(1);
  });
});

describe('who is responsible for a refused token', () => {
  afterEach(() => sinon.restore());

  it('is the owner where the endpoint answers, and the network where nobody does', async () => {
    fakeFetch(reply(503));
    expect(await rejection(ask(endpoint()))).to.include({ code: 'token-unreachable', responsible: 'owner' });
    sinon.restore();
    fakeFetch(unreachable);
    expect(await rejection(ask(endpoint()))).to.include({ code: 'token-unreachable', responsible: 'network' });
  });
});

describe('a backend that only knows GET', () => {
  afterEach(() => sinon.restore());

  const bare: [string, unknown][] = [
    ['nothing', undefined],
    ['a page', MISSING],
    ['JSON without an error', { message: 'Not Found' }],
    ['an error that is an object', { error: { code: 404 } }],
    ['a page of 100 kB', MISSING + '<p>'.repeat(34_000)],
  ];
  for (const status of [404, 405]) {
    for (const [what, body] of bare) {
      it(`is asked once more with GET after a ${status} with ${what}`, async () => {
        const asked = fakeFetch(reply(status, body), reply(200, GRANT));
        expect(await ask(endpoint(), { line: 'a&b=c' })).to.deep.equal(GRANT);
        expect(asked.map(({ method }) => method)).to.deep.equal(['POST', 'GET']);
        expect(asked[1]!.url.search).to.equal('?line=a%26b%3Dc');
        expect(asked[1]!.init.body).to.be.undefined;
        expect(asked[1]!.headers.has('Content-Type')).to.be.false;
      });
    }
  }

  it('is remembered while the page lives, and no other is', async () => {
    const asked = fakeFetch(reply(405), reply(200, GRANT));
    const to = endpoint();
    await ask(to);
    await ask(to);
    await ask({ ...to, url: new URL(to.url, document.baseURI).href });
    await ask(endpoint());
    expect(asked.map(({ method }) => method)).to.deep.equal(['POST', 'GET', 'GET', 'GET', 'POST']);
  });

  it('is not remembered where GET did not work either', async () => {
    const asked = fakeFetch(reply(404));
    const to = endpoint();
    expect((await rejection(ask(to))).code).to.equal('not-found');
    await rejection(ask(to));
    expect(asked.map(({ method }) => method)).to.deep.equal(['POST', 'GET', 'POST', 'GET']);
  });

  it('keeps the query of its address, and gets no token in it', async () => {
    const asked = fakeFetch(reply(200, GRANT));
    await ask(endpoint({ url: '/api/token?site=7', method: 'GET' }), {
      line: 'sales',
      context: { a: 1 },
      renew: SECRET,
    });
    expect(asked[0]!.url.search).to.equal('?site=7&line=sales');
  });

  it('is not asked with GET where the endpoint itself says that there is no such line', async () => {
    const asked = fakeFetch(reply(404, { error: 'not-found' }));
    expect((await rejection(ask(endpoint()))).code).to.equal('not-found');
    expect(asked).to.have.length(1);
  });

  it('is never found out where the page has fixed the method', async () => {
    const asked = fakeFetch(reply(404, MISSING));
    expect((await rejection(ask(endpoint({ method: 'POST' })))).code).to.equal('not-found');
    expect((await rejection(ask(endpoint({ method: 'GET' })))).code).to.equal('not-found');
    expect(asked.map(({ method }) => method)).to.deep.equal(['POST', 'GET']);
  });
});

describe('a token endpoint that refuses', () => {
  afterEach(() => sinon.restore());

  const refusals: [status: number, body: unknown, code: ErrorCode, retryAfter?: number][] = [
    [400, { error: 'bad-request' }, 'token-denied'],
    [401, { error: 'token-denied' }, 'token-denied'],
    [401, undefined, 'token-denied'],
    [401, '<h1>Log in</h1>', 'token-denied'],
    [403, { error: 'token-denied' }, 'token-denied'],
    [403, { error: 'challenge-required' }, 'challenge-required'],
    [403, { error: 'line-closed' }, 'line-closed'],
    [403, '<h1>Forbidden</h1>', 'token-denied'],
    [404, { error: 'not-found' }, 'not-found'],
    [404, { error: 'no such line' }, 'not-found'],
    [429, { error: 'rate-limited', retry_after: 30 }, 'rate-limited', 30],
    [429, { retry_after: 1.5 }, 'rate-limited', 1.5],
    [429, undefined, 'rate-limited'],
    [429, { error: 'rate-limited', retry_after: '30' }, 'rate-limited'],
    [429, { error: 'rate-limited', retry_after: -30 }, 'rate-limited'],
    [429, { error: 'rate-limited', retry_after: 0 }, 'rate-limited'],
    [500, undefined, 'token-unreachable'],
    [500, { error: 'server-error' }, 'server-error'],
    [502, { error: 'upstream' }, 'token-unreachable'],
    [502, '<h1>Bad gateway</h1>', 'token-unreachable'],
    [503, { error: 'server-error', retry_after: 5 }, 'server-error', 5],
    [503, '', 'token-unreachable'],
    [503, { error: 'busy' }, 'busy'],
    [418, 'null', 'token-denied'],
    [403, '["token-denied"]', 'token-denied'],
    [403, { error: 'constructor' }, 'token-denied'],
    [403, { error: 'mic-denied' }, 'token-denied'],
  ];
  for (const [status, body, code, retryAfter] of refusals) {
    it(`with ${status} and ${JSON.stringify(body) ?? 'nothing'} means ${code}`, async () => {
      fakeFetch(reply(status, body));
      const error = await rejection(ask(endpoint()));
      expect(error.code).to.equal(code);
      expect(error.retryAfter).to.equal(retryAfter);
    });
  }
});

describe('a token endpoint that answers nonsense', () => {
  afterEach(() => sinon.restore());

  const nonsense: [string, number, unknown][] = [
    ['a page', 200, '<!doctype html><title>Log in</title>'],
    ['nothing', 200, undefined],
    ['an empty text', 200, ''],
    ['no content', 204, undefined],
    ['half of its JSON', 200, '{"token":"abc'],
    ['JSON and more', 200, '{"token":"abc"} <!-- 12 ms -->'],
    ['a word', 200, 'NaN'],
  ];
  for (const [what, status, body] of nonsense) {
    it(`such as ${what} gives a typed error`, async () => {
      fakeFetch(reply(status, body));
      const error = await rejection(ask(endpoint()));
      expect(error.code).to.equal('token-malformed');
      expect(error.field).to.equal('body');
    });
  }

  it('is not read beyond 64 kB, however long it goes on', async () => {
    const chunk = new TextEncoder().encode(' '.repeat(10_000));
    const cancel = sinon.spy();
    let chunks = 0;
    fakeFetch(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              chunks++;
              controller.enqueue(chunk);
            },
            cancel,
          }),
        ),
    );
    const error = await rejection(ask(endpoint()));
    expect(error.code).to.equal('token-malformed');
    expect(error.field).to.equal('body');
    expect(chunks).to.be.within(7, 9);
    expect(cancel).to.have.property('called', true);
  });

  it('is read up to 64 kB', async () => {
    fakeFetch(reply(200, `{"token":"abc"${' '.repeat(65_536 - 15)}}`));
    expect(await ask(endpoint())).to.deep.equal(GRANT);
  });

  it('and breaks off in the middle is as good as none', async () => {
    fakeFetch(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.error(new TypeError('network error'));
            },
          }),
        ),
    );
    expect((await rejection(ask(endpoint()))).code).to.equal('token-unreachable');
  });

  it('is quoted nowhere', async () => {
    fakeFetch(reply(403, { error: SECRET, token: SECRET }), reply(200, `${SECRET}<`));
    for (const error of [await rejection(ask(endpoint())), await rejection(ask(endpoint()))]) {
      expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.to.contain(SECRET);
    }
  });
});

describe('a token endpoint that cannot be reached', () => {
  afterEach(() => sinon.restore());

  it('is unreachable', async () => {
    fakeFetch(unreachable);
    expect((await rejection(ask(endpoint()))).code).to.equal('token-unreachable');
  });

  it('leaves it to the browser to say that it is offline', async () => {
    sinon.stub(Navigator.prototype, 'onLine').get(() => false);
    fakeFetch(unreachable);
    expect((await rejection(ask(endpoint()))).code).to.equal('offline');
  });
});
