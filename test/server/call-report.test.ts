import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createReportHandler, parseCallReport, toNodeListener, type CallReport } from '../../src/server/index.js';

const ORIGIN = 'https://shop.example';

const report = {
  schema: 1,
  call_id: '6f1c2d3e-4b5a-4c6d-8e7f-0123456789ab',
  button: '0.1.0',
  browser: 'chromium',
  origin: ORIGIN,
  line: 'sales',
  outcome: 'failed',
  code: 'gateway-unreachable',
  responsible: 'network',
  tried: { step: 'connection', attempts: 1, gateways: 2 },
  left: false,
  duration_seconds: 0,
  timings: { grant: 40 },
  recoveries: 0,
};

describe('the handler of reports', () => {
  let server: Server;
  let url: string;
  let told: CallReport[];
  let fault: Error | undefined;
  let faults: unknown[];

  before(async () => {
    const handler = createReportHandler({
      allowedOrigins: [ORIGIN],
      onReport(one) {
        if (fault) throw fault;
        told.push(one);
      },
      onError: (error) => faults.push(error),
    });
    server = createServer(toNodeListener(handler));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    [told, faults, fault] = [[], [], undefined];
  });

  const send = async (body: unknown, { origin = ORIGIN, method = 'POST' } = {}): Promise<number> => {
    const headers = { 'Content-Type': 'text/plain;charset=UTF-8', ...(origin && { Origin: origin }) };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return (await fetch(url, { method, headers, ...(method === 'POST' && { body: text }) })).status;
  };

  it('takes a beacon, and tells what is in it', async () => {
    assert.equal(await send(report), 204);
    assert.deepEqual(told, [report]);
  });

  it('leaves out what it does not know', async () => {
    assert.equal(await send({ ...report, token: 'eyJ', tried: { ...report.tried, url: 'wss://x' } }), 204);
    assert.deepEqual(told, [report]);
  });

  it('takes none from another page, of another origin than it says, or by another method', async () => {
    assert.equal(await send(report, { origin: 'https://evil.example' }), 403);
    assert.equal(await send(report, { origin: '' }), 403);
    assert.equal(await send({ ...report, origin: 'https://evil.example' }), 400);
    assert.equal(await send(report, { method: 'GET' }), 405);
    assert.deepEqual(told, []);
  });

  it('answers 500, and says why in the log alone, where its owner fails', async () => {
    fault = new Error('the disk is full');
    assert.equal(await send(report), 500);
    assert.deepEqual(faults, [fault]);
  });

  const bad: [string, unknown][] = [
    ['nothing', ''],
    ['no JSON', 'call_id=1'],
    ['a list', [report]],
    ['more than 4 kB', { ...report, line: 'x'.repeat(5000) }],
    ['another schema', { ...report, schema: 2 }],
    ['no id', { ...report, call_id: undefined }],
    ['an id that goes on in another line', { ...report, call_id: `${report.call_id}\n{"msg":"forged"}` }],
    ['an id that is a number', { ...report, call_id: '+254722000001' }],
    ['a version with a line in it', { ...report, button: '0.1\r\n' }],
    ['a line with a line in it', { ...report, line: 'sales\u2028forged' }],
    ['a line with a line end in it', { ...report, line: 'sales\nforged' }],
    ['a line that a terminal obeys', { ...report, line: '\u001b[2Jsales' }],
    ['a page’s whole address', { ...report, origin: `${ORIGIN}/account?user=amina` }],
    ['a code in words', { ...report, code: 'Call +254722000001' }],
    ['a browser with its version', { ...report, browser: 'Chrome/156' }],
    ['a time that is none', { ...report, timings: { grant: -1 } }],
    ['more attempts than can be', { ...report, tried: { step: 'call', attempts: 1e300 } }],
  ];
  for (const [what, body] of bad) {
    it(`does not take ${what}`, async () => {
      assert.ok([400, 413].includes(await send(body)));
      assert.deepEqual(told, []);
    });
  }

  it('has a reader for servers of another kind', () => {
    assert.deepEqual(parseCallReport(report), report);
    assert.equal(parseCallReport({ ...report, outcome: 'won' }), undefined);
  });
});
