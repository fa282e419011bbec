import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import type { WordPress } from '../../demo/wordpress/wordpress.js';
import type { CheckResult } from '../../src/server/conformance/catalogue.js';
import { runConformance } from '../../src/server/conformance/run.js';
import { eventually, launch, Visitor } from '../support/visitor.js';
import { line, setUp, startPlainSite, type Settings } from './support/plain-site.js';

const SECRET = randomBytes(24).toString('hex');
const API_KEY = randomBytes(24).toString('hex');
/** Energy (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;
const DOMAIN = 'gateway.invalid';

interface Grant {
  token: string;
  sip_uri: string;
  error?: string;
}

describe('a WordPress that the gateway itself asks', () => {
  let site: WordPress;
  let browser: Browser;
  let origin: string;

  const settings = (more: Settings = {}): Settings => ({
    mint: 'signer',
    hook: 'here',
    gateways: ['wss://gateway.invalid/'],
    domain: DOMAIN,
    trunk: 'trunk.example',
    lines: {
      sales: line('+254722000001', { caller_id: '+254700000001', max_minutes: 30 }),
      desk: line('sip:desk@office.example'),
      night: line('+254722000001', { hours: { exceptions: {} } }),
    },
    limit: 1000,
    ...more,
  });

  before(async () => {
    site = await startPlainSite();
    origin = new URL(site.url).origin;
    browser = await launch('chromium');
    await setUp(site, settings(), { hook_secret: SECRET });
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  const ask = async (body: object = { line: 'sales' }, headers: Record<string, string> = {}): Promise<Response> =>
    await fetch(`${site.url}wp-json/sautikit/v1/token`, {
      method: 'POST',
      headers: { Origin: origin, 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const grant = async (body?: object): Promise<Grant> => (await (await ask(body)).json()) as Grant;

  const question = async (
    name: string,
    body: object,
    secret = SECRET,
  ): Promise<{ status: number; said: Record<string, unknown> }> => {
    const response = await fetch(`${site.url}wp-json/sautikit/v1/hook/${name}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ event_id: randomUUID(), from_tag: 'tag', origin, ...body }),
    });
    const text = await response.text();
    return { status: response.status, said: (text === '' ? {} : (JSON.parse(text) ?? {})) as Record<string, unknown> };
  };

  it('says whom to call, once for a grant, and to the page that asked', async () => {
    const { token, sip_uri } = await grant();
    assert.equal((await question('call', { token, call_id: 'a' }, 'wrong')).status, 401);
    assert.equal((await question('call', { token, call_id: 'a', origin: 'https://evil.example' })).status, 403);
    assert.deepEqual((await question('connect', { token, aor: sip_uri })).said['bind'], false);
    assert.equal((await question('connect', { token, aor: `sip:other@${DOMAIN}` })).status, 403);

    const { status, said } = await question('call', { token, call_id: 'a' });
    assert.equal(status, 200);
    assert.deepEqual(
      { callee: said['callee'], caller_id: said['caller_id'], max_duration: said['max_duration'] },
      { callee: 'sip:+254722000001@trunk.example', caller_id: '+254700000001', max_duration: 1800 },
    );
    assert.equal((await question('call', { token, call_id: 'a' })).status, 200, 'the same question, the same answer');
    assert.equal((await question('call', { token, call_id: 'b' })).status, 403);
    assert.equal((await question('ended', { call_id: 'a' })).status, 204);
    assert.equal((await question('call', { token, call_id: 'a' })).status, 403, 'the call is over');
    assert.equal((await question('call', { token: 'x.y.z', call_id: 'c' })).status, 403);
    assert.equal((await question('incoming', { number: '+254200000001' })).status, 404);
  });

  it('lets one of many that ask at the same moment win', async () => {
    const { token } = await grant();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => question('call', { token, call_id: `race-${index}` })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array<number>(7).fill(403)]);
  });

  it('renews a session with the right to a call that was not made, and without one to another', async () => {
    const first = await grant();
    const second = await grant({ line: 'sales', renew: first.token });
    assert.equal(second.sip_uri, first.sip_uri);
    assert.equal((await question('call', { token: first.token, call_id: 'r1' })).status, 403);
    assert.equal((await question('call', { token: second.token, call_id: 'r1' })).status, 200);
    const third = await grant({ line: 'sales', renew: second.token });
    assert.equal((await question('connect', { token: third.token, aor: first.sip_uri })).status, 200);
    assert.equal((await question('call', { token: third.token, call_id: 'r2' })).status, 403);
    // Another line's is another session.
    assert.notEqual((await grant({ line: 'desk', renew: third.token })).sip_uri, first.sip_uri);
  });

  it('counts who asks by the socket, and by what its own proxies say', async () => {
    await setUp(site, settings({ limit: 3 }));
    await site.run(`global $wpdb; $wpdb->query("DELETE FROM {$wpdb->prefix}sautikit_counters");`);
    const from = async (address: string): Promise<number> =>
      (await ask(undefined, { 'X-Forwarded-For': address })).status;
    const forged = [];
    for (let host = 1; host <= 5; host++) forged.push(await from(`203.0.113.${host}`));
    assert.deepEqual(forged, [200, 200, 200, 429, 429]);
    await setUp(site, settings({ limit: 3, proxies: ['127.0.0.0/8', '10.0.0.1'] }));
    const proxied = [];
    for (let host = 1; host <= 5; host++) proxied.push(await from(`203.0.113.${host}, 198.51.100.7, 10.0.0.1`));
    assert.deepEqual(proxied, [200, 200, 200, 429, 429], 'what stands before the last foreign address is not believed');
    assert.equal(await from('2001:db8:1:2::5, 10.0.0.1'), 200);
    await setUp(site, settings());
    await site.run(`global $wpdb; $wpdb->query("DELETE FROM {$wpdb->prefix}sautikit_counters");`);
  });

  it('conforms, also where a limit is met', async () => {
    await setUp(site, settings({ limit: 60 }));
    const results: CheckResult[] = [];
    const url = `${site.url}wp-json/sautikit/v1/token`;
    for await (const result of runConformance({ url, line: 'desk', closedLine: 'night' })) results.push(result);
    const bad = results.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn');
    assert.deepEqual(bad, []);
    await setUp(site, settings());
    await site.run(`global $wpdb; $wpdb->query("DELETE FROM {$wpdb->prefix}sautikit_counters");`);
  });

  it('has the Sautikit API make tokens, with a key that goes nowhere else', async () => {
    const asked: { path: string | undefined; authorization: string | undefined }[] = [];
    let status = 200;
    const api: Server = createServer((request, response) => {
      asked.push({ path: request.url, authorization: request.headers.authorization });
      const token = createHash('sha256').update(String(asked.length)).digest('hex');
      const expires_at = new Date(Date.now() + 300_000).toISOString();
      response
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ token, expires_at, key: API_KEY }));
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    try {
      const api_url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
      await setUp(site, settings({ mint: 'sautikit', api_url }), { api_key: API_KEY, hook_secret: SECRET });
      const { token } = await grant();
      assert.equal(token, createHash('sha256').update('1').digest('hex'));
      assert.deepEqual(asked, [{ path: '/v1/sip/token', authorization: `Bearer ${API_KEY}` }]);
      assert.equal((await question('call', { token, call_id: 'api' })).status, 200);
      status = 401;
      const refused = await ask();
      assert.equal(refused.status, 502);
      assert.deepEqual(await refused.json(), { error: 'server-error' });
    } finally {
      api.closeAllConnections();
      api.close();
      await setUp(site, settings());
    }
  });

  it('takes a key of wp-config.php before one that is stored', async () => {
    const told = await site.run(
      `define('SAUTIKIT_API_KEY', 'of-the-file'); update_option('sautikit_call_button_secrets', ['api_key' => 'stored', 'hook_secret' => '${SECRET}']);
      foreach (['api_key', 'hook_secret'] as $name) echo Sautikit\\CallButton\\Secrets::get($name), ' ';`,
    );
    assert.equal(told, `of-the-file ${SECRET} `);
  });

  it('is asked by the real gateway, and the call is heard', async () => {
    const hook = `${site.url}wp-json/sautikit/v1/hook`;
    const stack = await startStack({ allowedOrigins: [origin], settings: { HOOK_URL: JSON.stringify(hook) } });
    try {
      const lines = { shop: line(await calleeOf(stack, origin)) };
      const { gateway_url } = stack.addresses;
      await setUp(site, settings({ lines, gateways: [gateway_url], domain: stack.domain }), {
        hook_secret: stack.hookSecret,
      });
      const page = await site.run(`echo get_permalink(wp_insert_post([
        'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Piga simu', 'post_content' => '[sautikit_call_button]',
      ]));`);
      const phone = stack.phone('sales');
      const since = phone.mark();
      const visitor = await Visitor.open(browser, page);
      await visitor.press('button');
      await visitor.comesTo('active');
      await visitor.hears('the phone');
      assert.ok((await phone.recordedEnergy()) > VOICE);
      await visitor.press('hangup');
      assert.equal((await visitor.ended())['outcome'], 'completed');
      await phone.waitFor('CALL_CLOSED', { since });
      await visitor.page.close();
      await eventually(
        'the gateway has reported the end',
        async () =>
          (await site.run(
            `global $wpdb; echo $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->prefix}sautikit_grants WHERE call_right = 'over'");`,
          )) !== '1',
      );
    } finally {
      await stack.stop();
    }
  });
});

/** Where the stack's own backend would have the gateway call: the phone `sales`. */
async function calleeOf(stack: Stack, origin: string): Promise<string> {
  const { token_url, hook_url } = stack.addresses;
  const granted = await fetch(token_url, { method: 'POST', headers: { Origin: origin }, body: '{"line":"sales"}' });
  const { token } = (await granted.json()) as Grant;
  const ids = {
    event_id: randomUUID(),
    call_id: randomUUID(),
    from_tag: 'tag',
    request_uri: 'sip:call@gateway.invalid',
  };
  const allowed = await fetch(`${hook_url}/call`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${stack.hookSecret}` },
    body: JSON.stringify({ ...ids, token, origin }),
  });
  return ((await allowed.json()) as { callee: string }).callee;
}
