import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSigner, createTokenHandler, type Lines } from '../../src/server/index.js';
import { headersFromContext } from '../../src/server/context-headers.js';
import { hookWorld } from './support/hook.js';
import { key, shop } from './support/world.js';

describe('where a call came from', () => {
  const lines: Lines = {
    sales: {
      callee: 'sip:desk@example.test',
      headers: { 'X-Line': 'sales' },
      contextHeaders: { campaign: 'X-Campaign', page: 'X-Page' },
    },
  };

  it('goes from the page to the desk and to the owner’s events, as far as it is configured', async () => {
    const { grants, call, ask, events } = hookWorld({ lines });
    const handler = createTokenHandler({
      lines,
      mint: createSigner({ key }),
      grants,
      gatewayUrl: 'wss://gateway.test',
      domain: 'example.test',
      allowedOrigins: [shop],
      context: ['visitor'],
    });
    const context = { campaign: 'spring', visitor: 'returning', mail: 'a@b.test' };
    const body = JSON.stringify({ line: 'sales', context });
    const request = new Request('https://api.test/', { method: 'POST', headers: { Origin: shop }, body });
    const { token } = (await (await handler(request)).json()) as { token: string };
    const answer = await call(token);
    assert.deepEqual(answer.body.headers, { 'X-Campaign': 'spring', 'X-Line': 'sales' });
    await ask('ended', { call_id: 'call', from_tag: 'tag' });
    assert.deepEqual(events.at(-1)?.context, { visitor: 'returning', campaign: 'spring' });
  });
});

describe('a header that carries a page’s words', () => {
  const header = (text: string): string | undefined => headersFromContext({ a: 'X-A' }, { a: text })['X-A'];

  it('is printable ASCII that gives the text back', () => {
    for (const text of ['spring sale', 'Frühling 🌱', '100%', 'Karibu – sasa', '<sip:evil@x>;a="b"', 'a,b']) {
      const value = header(text) ?? '';
      assert.match(value, /^[\x20-\x7e]+$/);
      assert.equal(decodeURIComponent(value), text);
    }
    assert.equal(header('spring sale'), 'spring sale');
    assert.equal(header('ü'), '%C3%BC');
  });

  it('has no line ends, whatever they are called', () => {
    for (const end of ['\r\n', '\n', '\r', '\0', '\u0085', '\u2028']) {
      assert.match(header(`a${end}Route: <sip:evil>`) ?? '', /^a(%[0-9A-F]{2})+Route: <sip:evil>$/);
    }
  });

  it('is cut between two characters', () => {
    assert.equal(header('x'.repeat(200))?.length, 128);
    const cut = header(`${'x'.repeat(120)}🌱🌱`) ?? '';
    assert.equal(decodeURIComponent(cut), 'x'.repeat(120));
  });

  it('makes something readable of half a character', () => {
    assert.equal(header('a\ud83c'), 'a%EF%BF%BD');
  });

  it('is left out where the page says nothing, or nothing of its own', () => {
    assert.deepEqual(headersFromContext({ a: 'X-A', toString: 'X-B' }, { b: 'c' }), {});
    assert.deepEqual(headersFromContext({ a: 'X-A' }, { a: '  ' }), {});
    assert.deepEqual(headersFromContext(undefined, { a: 'b' }), {});
  });
});
