import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it, mock } from 'node:test';
import type { CallEvent } from '../../src/server/call-event.js';
import { createWebhook, type WebhookOptions, type WebhookResult } from '../../src/server/webhook.js';
import type { WebhookEvent } from '../../src/server/webhook/event.js';
import { verifyWebhook } from '../../src/server/webhook/signature.js';

const SECRET = 'a secret between two servers';
const URL_OF_OWNER = 'https://crm.example/calls';
const NOW = Date.parse('2026-11-05T10:00:00Z');

const ended: CallEvent = {
  type: 'ended',
  eventId: 'e-1',
  gateway: 'gw1',
  callId: 'call-1',
  fromTag: 'tag-1',
  sid: 'session-1',
  line: 'sales',
  context: { campaign: 'spring' },
  duration: 42,
  reason: 'hangup',
};

type Sent = { url: string; header: string; body: string };
type Answer = number | Response | Error;

/** A receiver that answers as told, one answer a request, the last one for good. */
function receiver(...answers: Answer[]) {
  const sent: Sent[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    sent.push({
      url,
      header: new Headers(init.headers).get('Sautikit-Signature') ?? '',
      body: init.body as string,
    });
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Error) throw answer;
    return typeof answer === 'number' ? new Response(null, { status: answer }) : answer.clone();
  }) as typeof globalThis.fetch;
  return { sent, fetch };
}

function webhookTo(to: { fetch: typeof globalThis.fetch }, options: Partial<WebhookOptions> = {}) {
  const results: WebhookResult[] = [];
  const webhook = createWebhook({
    url: URL_OF_OWNER,
    secret: SECRET,
    firstDelay: 0,
    fetch: to.fetch,
    now: () => NOW,
    onResult: (result) => void results.push(result),
    ...options,
  });
  return { webhook, results };
}

/** Waits, without a clock, until something that is under way has happened. */
async function until(happened: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !happened(); turn++) await new Promise(setImmediate);
  assert.ok(happened(), 'what is waited for never happens');
}

describe('a webhook', () => {
  afterEach(() => mock.timers.reset());

  it('tells of a call without token, address, number or session', async () => {
    const to = receiver(204);
    const { webhook, results } = webhookTo(to);
    webhook(ended);
    assert.equal(await webhook.drain(), 0);
    assert.deepEqual(results, ['delivered']);
    assert.equal(to.sent[0]?.url, URL_OF_OWNER);
    const { id, ...body } = JSON.parse(to.sent[0]!.body) as WebhookEvent;
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(body, {
      type: 'call.ended',
      call_id: 'call-1',
      line: 'sales',
      context: { campaign: 'spring' },
      duration: 42,
      reason: 'hangup',
      at: '2026-11-05T10:00:00.000Z',
    });
  });

  it('sends only the fields that are documented, whatever else an event carries', async () => {
    const to = receiver(204);
    const { webhook } = webhookTo(to);
    webhook({ ...ended, callee: 'sip:desk@pbx.example', token: 'eyJ' } as CallEvent);
    await webhook.drain();
    assert.doesNotMatch(to.sent[0]!.body, /sip:|eyJ|session-1/);
  });

  it('gives an event that is reported twice the same id, and each type and gateway its own', async () => {
    const to = receiver(204);
    const { webhook } = webhookTo(to);
    const answered: CallEvent = { ...ended, type: 'answered' };
    for (const event of [ended, ended, answered, { ...ended, gateway: 'gw2' }]) webhook(event);
    await webhook.drain();
    const [first, second, ...others] = to.sent.map(({ body }) => (JSON.parse(body) as WebhookEvent).id);
    assert.equal(first, second);
    assert.equal(new Set([first, ...others]).size, 3);
  });

  it('signs time and body with HMAC-SHA256', async () => {
    const to = receiver(204);
    const { webhook } = webhookTo(to);
    webhook(ended);
    await webhook.drain();
    const { header, body } = to.sent[0]!;
    const hmac = createHmac('sha256', SECRET)
      .update(`${NOW / 1000}.${body}`)
      .digest('hex');
    assert.equal(header, `t=${NOW / 1000},v1=${hmac}`);
  });

  it('returns before anything is sent', () => {
    const to = receiver(204);
    const { webhook } = webhookTo(to);
    assert.equal(webhook(ended), undefined);
    assert.equal(to.sent.length, 0);
  });

  it('tries again where the receiver is away, busy or broken', async () => {
    const to = receiver(new TypeError('some words of a runtime'), 500, 503, 429, 204);
    const { webhook, results } = webhookTo(to);
    webhook(ended);
    await until(() => results.length > 0);
    assert.deepEqual(results, ['delivered']);
    assert.equal(to.sent.length, 5);
    assert.equal(new Set(to.sent.map(({ body }) => body)).size, 1, 'the body stays the same');
  });

  it('gives up after the last retry', async () => {
    const to = receiver(500);
    const { webhook, results } = webhookTo(to, { retries: 2 });
    webhook(ended);
    await until(() => results.length > 0);
    assert.deepEqual(results, ['failed']);
    assert.equal(to.sent.length, 3);
  });

  for (const status of [301, 400, 401, 404, 410]) {
    it(`takes ${status} for a no`, async () => {
      const to = receiver(new Response(null, { status, headers: { Location: 'https://thief.example/' } }));
      const { webhook, results } = webhookTo(to);
      webhook(ended);
      await until(() => results.length > 0);
      assert.deepEqual(results, ['failed']);
      assert.equal(to.sent.length, 1);
    });
  }

  it('keeps the order of one call, and lets no call wait for another', async () => {
    const to = receiver(204);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const order: string[] = [];
    const fetch = (async (url: string, init: RequestInit) => {
      const { call_id, type } = JSON.parse(init.body as string) as WebhookEvent;
      order.push(`${call_id} ${type}`);
      if (order.length === 1) await held;
      return await to.fetch(url, init);
    }) as typeof globalThis.fetch;
    const { webhook } = webhookTo({ fetch });
    webhook({ ...ended, type: 'answered' });
    webhook(ended);
    webhook({ ...ended, callId: 'call-2' });
    await until(() => order.length === 2);
    assert.deepEqual(order, ['call-1 call.answered', 'call-2 call.ended']);
    release();
    await webhook.drain();
    assert.equal(order[2], 'call-1 call.ended');
  });

  it('holds up no other call while it waits to try again', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const later = new Response(null, { status: 503, headers: { 'Retry-After': '600' } });
    const taken: string[] = [];
    const fetch = (async (_url: string, init: RequestInit) => {
      const { call_id } = JSON.parse(init.body as string) as WebhookEvent;
      if (call_id.startsWith('refused')) return later.clone();
      taken.push(call_id);
      return new Response();
    }) as typeof globalThis.fetch;
    const { webhook } = webhookTo({ fetch });
    for (let index = 0; index < 20; index++) webhook({ ...ended, callId: `refused-${index}` });
    webhook({ ...ended, callId: 'refused-0' });
    webhook({ ...ended, callId: 'welcome' });
    await until(() => taken.length === 1);
    assert.deepEqual(taken, ['welcome']);
  });

  it('keeps the order of one call also while the first event waits to be tried again', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const to = receiver(new Response(null, { status: 503, headers: { 'Retry-After': '7' } }), 204);
    const { webhook, results } = webhookTo(to);
    webhook({ ...ended, type: 'answered' });
    webhook(ended);
    await until(() => to.sent.length === 1);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    assert.equal(to.sent.length, 1);
    mock.timers.tick(7000);
    await until(() => results.length === 2);
    const types = to.sent.map(({ body }) => (JSON.parse(body) as WebhookEvent).type);
    assert.deepEqual(types, ['call.answered', 'call.answered', 'call.ended']);
  });

  it('counts among those that wait also what is to be tried again', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const to = receiver(new Response(null, { status: 503, headers: { 'Retry-After': '600' } }));
    const { webhook, results } = webhookTo(to, { capacity: 2 });
    for (const callId of ['a', 'b']) webhook({ ...ended, callId });
    await until(() => to.sent.length === 2);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    webhook({ ...ended, callId: 'c' });
    assert.deepEqual(results, ['dropped']);
  });

  it('drops what is too much, and says so', async () => {
    const never = (() => new Promise(() => undefined)) as unknown as typeof globalThis.fetch;
    const { webhook, results } = webhookTo({ fetch: never }, { capacity: 2 });
    for (const callId of ['a', 'b', 'c']) webhook({ ...ended, callId });
    assert.deepEqual(results, ['dropped']);
  });

  it('refuses an address that would send events in the clear, and an empty secret', () => {
    for (const url of [
      'http://crm.example/',
      'ftp://127.0.0.1/',
      'crm',
      'http://127.0.0.1.evil.example/',
      'https://a:b@c/',
    ]) {
      assert.throws(() => createWebhook({ url, secret: SECRET }), TypeError, url);
    }
    for (const url of ['http://127.0.0.1:1/', 'http://localhost/', 'http://[::1]/'])
      createWebhook({ url, secret: SECRET });
    assert.throws(() => createWebhook({ url: URL_OF_OWNER, secret: '' }), TypeError);
  });
});

describe('a webhook that stops', () => {
  afterEach(() => mock.timers.reset());

  it('waits for what is on its way, takes nothing more, and counts what it gives up', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const hanging = ((_url: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      })) as typeof globalThis.fetch;
    const { webhook, results } = webhookTo({ fetch: hanging });
    webhook(ended);
    webhook({ ...ended, callId: 'call-2' });
    const drained = webhook.drain(5);
    webhook({ ...ended, callId: 'call-3' });
    mock.timers.tick(5000);
    assert.equal(await drained, 2);
    assert.deepEqual(results, ['dropped', 'dropped', 'dropped']);
  });

  it('asks eight at a time, and begins nothing more once it gives up', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    let asked = 0;
    const hanging = ((_url: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        asked++;
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      })) as typeof globalThis.fetch;
    const { webhook, results } = webhookTo({ fetch: hanging });
    for (let index = 0; index < 12; index++) webhook({ ...ended, callId: `call-${index}` });
    await until(() => asked === 8);
    const drained = webhook.drain(5);
    mock.timers.tick(5000);
    assert.equal(await drained, 12);
    assert.equal(asked, 8);
    assert.deepEqual(new Set(results), new Set(['dropped']));
  });

  it('does not sit out a long wait', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const to = receiver(new Response(null, { status: 503, headers: { 'Retry-After': '600' } }));
    const { webhook } = webhookTo(to);
    webhook(ended);
    await until(() => to.sent.length === 1);
    const drained = webhook.drain(1);
    mock.timers.tick(1000);
    assert.equal(await drained, 1);
  });
});

describe('a receiver that says nothing', () => {
  afterEach(() => mock.timers.reset());

  it('is left after ten seconds, and asked again', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    let asked = 0;
    const fetch = ((_url: string, { signal }: RequestInit) => {
      if (++asked > 1) return Promise.resolve(new Response());
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    }) as typeof globalThis.fetch;
    const { webhook, results } = webhookTo({ fetch });
    webhook(ended);
    await until(() => asked === 1);
    mock.timers.tick(9999);
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    assert.equal(asked, 1);
    mock.timers.tick(1);
    await until(() => results.length === 1);
    assert.deepEqual([asked, results], [2, ['delivered']]);
  });
});

describe('a receiver that asks for time', () => {
  afterEach(() => mock.timers.reset());

  for (const [form, value] of [
    ['seconds', '7'],
    ['a date', new Date(NOW + 7000).toUTCString()],
  ] as const) {
    it(`gets it, said as ${form}`, async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      const to = receiver(new Response(null, { status: 429, headers: { 'Retry-After': value } }), new Response());
      const { webhook, results } = webhookTo(to);
      webhook(ended);
      await until(() => to.sent.length === 1);
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
      mock.timers.tick(6999);
      for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
      assert.equal(to.sent.length, 1);
      mock.timers.tick(1);
      await until(() => results.length === 1);
      assert.deepEqual(results, ['delivered']);
    });
  }
});

describe('a receiver of webhooks', () => {
  const signed = async (): Promise<{ header: string; body: string }> => {
    const to = receiver(204);
    const { webhook } = webhookTo(to);
    webhook(ended);
    await webhook.drain();
    return to.sent[0]!;
  };
  const now = () => NOW;

  it('gets the event of a request that is genuine, from header and body or from the request itself', async () => {
    const { header, body } = await signed();
    const event = await verifyWebhook({ header, body }, SECRET, { now });
    assert.equal(event?.type, 'call.ended');
    const headers = { 'Sautikit-Signature': header };
    const request = new Request('https://crm.example/calls', { method: 'POST', headers, body });
    assert.deepEqual(await verifyWebhook(request, SECRET, { now }), event);
  });

  it('gets nothing for another secret, an altered body, another time, or no signature', async () => {
    const { header, body } = await signed();
    assert.equal(await verifyWebhook({ header, body }, 'another secret', { now }), undefined);
    assert.equal(await verifyWebhook({ header, body: body.replace('42', '43') }, SECRET, { now }), undefined);
    const later = header.replace(`t=${NOW / 1000}`, `t=${NOW / 1000 + 1}`);
    assert.equal(await verifyWebhook({ header: later, body }, SECRET, { now }), undefined);
    for (const none of ['', null, undefined, 't=1', header.split(',')[0], header.split(',')[1], 'v1=,t=']) {
      assert.equal(await verifyWebhook({ header: none, body }, SECRET, { now }), undefined);
    }
  });

  it('gets nothing for a request that was kept for too long, or comes out of the future', async () => {
    const request = await signed();
    for (const [seconds, passes] of [
      [300, true],
      [301, false],
      [-300, true],
      [-301, false],
    ] as const) {
      const event = await verifyWebhook(request, SECRET, { now: () => NOW + seconds * 1000 });
      assert.equal(event !== undefined, passes, `${seconds} s`);
    }
    assert.ok(await verifyWebhook(request, SECRET, { now: () => NOW + 900_000, toleranceSeconds: 900 }));
  });

  it('gets the event where one of two signatures is right, while a secret is being changed', async () => {
    const { header, body } = await signed();
    const [time, signature] = header.split(',');
    const both = `${time},v1=${'0'.repeat(64)},v2=later,${signature}`;
    assert.equal((await verifyWebhook({ header: both, body }, SECRET, { now }))?.id.length, 32);
  });
});

describe('a webhook over a real connection', () => {
  let servers: Server[] = [];

  afterEach(() => {
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
    servers = [];
  });

  const listen = async (server: Server): Promise<string> => {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  it('does not follow a redirect', async () => {
    let visits = 0;
    const elsewhere = await listen(createServer((_request, response) => void (visits++, response.end())));
    const url = await listen(
      createServer((_request, response) => void response.writeHead(307, { Location: elsewhere }).end()),
    );
    const results: WebhookResult[] = [];
    const webhook = createWebhook({ url, secret: SECRET, onResult: (result) => void results.push(result) });
    webhook(ended);
    await webhook.drain();
    assert.deepEqual(results, ['failed']);
    assert.equal(visits, 0);
  });
});
