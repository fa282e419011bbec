import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDemo, type Demo } from '../../demo/site.js';
import { SipPhone } from './support/sip-phone.js';

interface Grant {
  token: string;
  gateway_url: string;
  sip_uri: string;
}

describe('the demo', () => {
  let demo: Demo;
  before(async () => void (demo = await startDemo({ port: 0, pages: false })));
  after(() => demo.stop());

  const grantFrom = async (url: string, origin = new URL(url).origin): Promise<Grant> => {
    const response = await fetch(url, { method: 'POST', headers: { Origin: origin }, body: '{"line":"sales"}' });
    assert.equal(response.status, 200);
    return (await response.json()) as Grant;
  };

  it('gives the gateway the name by which the page was opened', async () => {
    assert.equal((await grantFrom(demo.tokenUrl)).gateway_url, demo.gatewayUrl);
    const numeric = demo.tokenUrl.replace('localhost', '127.0.0.1');
    assert.equal((await grantFrom(numeric)).gateway_url, demo.gatewayUrl.replace('localhost', '127.0.0.1'));
  });

  it('gives no grant to the page of another site', async () => {
    const response = await fetch(demo.tokenUrl, {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
      body: '{}',
    });
    assert.equal(response.status, 403);
  });

  it('tells everybody which line is open, and when the closed one opens', async () => {
    const status = async (line: string) => (await fetch(new URL(`/api/status?line=${line}`, demo.url))).json();
    assert.deepEqual(await status('sales'), { available: true });
    const closed = (await status('after-hours')) as { available: boolean; opens_at: string };
    assert.equal(closed.available, false);
    assert.ok(Date.parse(closed.opens_at) > Date.now());
  });

  it('cannot be started twice on one port', async () => {
    await assert.rejects(startDemo({ port: Number(new URL(demo.url).port), pages: false }), { code: 'EADDRINUSE' });
  });

  it('stops also with a call and connections open', async () => {
    const other = await startDemo({ port: 0, pages: false });
    const { origin } = new URL(other.url);
    const connect = () => SipPhone.connect(other.gatewayUrl, origin);
    const [desk, caller] = [await connect(), await connect()];
    const desks = await grantFrom(other.deskTokenUrl);
    const to = `<${desks.sip_uri}>`;
    const headers = { Contact: `<${desk.contact}>`, Authorization: `Bearer ${desks.token}` };
    desk.send('REGISTER', { uri: 'sip:localhost', from: `${to};tag=1`, to, headers });
    await desk.next(200);
    caller.invite((await grantFrom(other.tokenUrl)).token);
    desk.reply(await desk.next('INVITE'), 200);
    await caller.next(200);
    await other.stop();
    await Promise.all([desk.close(), caller.close()]);
  });
});
