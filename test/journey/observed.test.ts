import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import type { CallEvent, CallReport } from '../../src/server/index.js';
import { SipClient } from '../stack/sip-client.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

describe('one call, in the page, at the gateway and behind it', () => {
  let stack: Stack;
  let browser: Browser;
  const events: CallEvent[] = [];
  const reports: CallReport[] = [];

  before(async () => {
    stack = await startStack({
      onEvent: (event) => void events.push(event),
      onReport: (report) => void reports.push(report),
    });
    browser = await launch('chromium');
  });

  after(async () => {
    await browser?.close();
    await stack?.stop();
  });

  const log = () => readFile(join(stack.folder, 'kamailio.log'), 'utf8');
  /** What the gateway says of a call, in the order in which it was said. */
  const said = async (id: string): Promise<string[]> =>
    (await log())
      .split('\n')
      .flatMap((line) => line.split(`call ${id}: `)[1] ?? [])
      .map((line) => line.trim());

  it('has the same id, and one report although the page goes away in the middle of it', async () => {
    const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`);
    await visitor.page.$eval('sautikit-call-button', (element) => {
      element.setAttribute('report-url', '/api/call-report');
      element.setAttribute('debug', '');
    });
    await visitor.press('button');
    await visitor.comesTo('active');
    await visitor.hears('the phone');
    const answered = (await visitor.events()).find(({ name }) => name === 'call-answered');
    const id = String(answered?.detail['callId']);
    assert.ok(visitor.console.includes(`sautikit: call ${id}: ringing -> active`));
    assert.equal(reports.length, 0, 'none while it goes on');

    // The button asks before it lets somebody leave a call.
    visitor.page.on('dialog', (dialog) => void dialog.accept());
    await visitor.page.goto(`${stack.addresses.page}pages/blank.html`);
    await eventually('the hook has heard of the end', async () => events.some(({ type }) => type === 'ended'));
    await eventually('the report has come', async () => reports.length > 0);

    assert.deepEqual(
      events.map(({ type, callId }) => [type, callId]),
      [
        ['started', id],
        ['answered', id],
        ['ended', id],
      ],
    );
    assert.deepEqual(
      reports.map(({ call_id, outcome, left }) => ({ call_id, outcome, left })),
      [{ call_id: id, outcome: 'completed', left: true }],
    );
    assert.ok(reports[0]!.timings.audio! > 0);
    assert.match(reports[0]!.button, /^\d+\.\d+\.\d+/);
    await eventually('the gateway has written it', async () => (await said(id)).length === 3);
    assert.deepEqual(await said(id), ['hook call answered 200', 'answered', 'ended caller-hangup']);
    // Also when it said that it goes.
    assert.deepEqual([...new Set(await said(`${id}-register`))], ['hook connect answered 200']);
    await visitor.page.close();
  });

  it('is found where it is refused, too', async () => {
    stack.setHook('down');
    const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`);
    await visitor.press('button');
    const { callId, code, responsible, tried } = await visitor.ended();
    stack.setHook('up');
    assert.deepEqual(
      { code, responsible, tried },
      {
        code: 'server-error',
        responsible: 'owner',
        tried: { step: 'call', attempts: 1 },
      },
    );
    await eventually('the gateway has written it', async () => (await said(String(callId))).length === 3);
    assert.deepEqual(await said(String(callId)), [
      'hook call answered 500',
      'hook call: 500, or no usable callee',
      'refused with 503',
    ]);
    await visitor.page.close();
  });

  it('is no way to write a line into the gateway’s log', async () => {
    const client = await SipClient.open(stack);
    const mark = randomUUID().slice(0, 8);
    const names = [
      `${mark}\r\n forged: line`,
      `${mark}\r\n\tforged`,
      `${mark} forged: line`,
      `${mark}"forged`,
      `${mark}\u001b[2Jforged`,
      `${mark}\u0000forged`,
      `${mark}\u2028forged`,
    ];
    for (const method of ['INVITE', 'REGISTER'])
      for (const [index, name] of names.entries())
        client.socket.send(
          [
            `${method} sip:gateway.invalid SIP/2.0`,
            `Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK${mark}${method}${index}`,
            'Max-Forwards: 69',
            `From: <sip:visitor@gateway.invalid>;tag=${index}`,
            'To: <sip:visitor@gateway.invalid>',
            `Call-ID: ${name}`,
            `CSeq: 1 ${method}`,
            'Contact: <sip:visitor@x.invalid;transport=ws>',
            'Authorization: Bearer aaaa.bbbb.cccc',
            'Content-Length: 0',
            '',
            '',
          ].join('\r\n'),
        );
    // What comes after them over the same connection has been through when it is written.
    const last = randomUUID();
    client.request('REGISTER', { callId: last, headers: ['Authorization: Bearer aaaa.bbbb.cccc'] });
    await eventually('the last one is written', async () => (await said(last)).length > 0);
    const lines = (await log()).split('\n').filter((line) => line.includes('forged'));
    assert.deepEqual(
      lines.filter((line) => /call |^\s*forged/.test(line)),
      [],
    );
    client.close();
  });
});
