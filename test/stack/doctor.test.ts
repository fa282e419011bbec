import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { UNASSIGNED } from '../../src/server/doctor/checks/callee.js';
import { examine, type DoctorOptions } from '../../src/server/doctor/doctor.js';
import type { Finding } from '../../src/server/doctor/finding.js';
import { readIceUrl, type IceUrl } from '../../src/server/doctor/ice/ice-url.js';
import { probeStun, probeTurn } from '../../src/server/doctor/ice/probe.js';
import { eventually, fetchGrant } from './sip-client.js';

const VERSION = '1.0.0';

describe('the doctor, at the real stack', () => {
  let stack: Stack;
  let site: Server;
  let url: string;
  let authority: string;

  before(async () => {
    // Its address is known before the stack is, which must know whose pages may call.
    site = createServer((request, response) => {
      const isScript = request.url === '/sautikit-call-button.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      const line = new URL(request.url ?? '/', 'http://site').searchParams.get('line') ?? 'ringing';
      response.end(
        isScript
          ? `import("./sautikit-call-button.engine.${VERSION}.js")`
          : `<!doctype html><title>Shop</title><script type="module" src="/sautikit-call-button.js"></script>
             <sautikit-call-button token-url="${stack.addresses.token_url}" line="${line}">Call</sautikit-call-button>`,
      );
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    stack = await startStack({ turn: true, allowedOrigins: [url] });
    authority = await readFile(join(stack.folder, 'gateway.pem'), 'utf8');
  });

  after(async () => {
    await stack?.stop();
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });

  const look = async (options: Partial<DoctorOptions> = {}): Promise<Finding[]> => {
    const findings: Finding[] = [];
    for await (const finding of examine({ url, authority, newest: VERSION, foreignNumber: UNASSIGNED, ...options })) {
      findings.push(finding);
    }
    return findings;
  };
  const said = (findings: readonly Finding[]): string => JSON.stringify(findings, null, 2);

  it('is all green, and no call of it stays open', async () => {
    const findings = await look();
    assert.ok(
      findings.every(({ verdict }) => verdict === 'ok'),
      said(findings),
    );
    const turn = findings.filter(({ check }) => check === 'turn').map(({ seen }) => seen.replace(/\d[\d.:]*\d/, ''));
    assert.deepEqual(turn, [
      'turn:?transport=udp: gives a relay',
      'turn:?transport=tcp: gives a relay',
      'turns:?transport=tcp: gives a relay',
    ]);
    // What left the gateway was for the line, and was taken back.
    const invites = stack.endings.requests({ method: 'INVITE' });
    assert.equal(new Set(invites.map(({ text }) => /^Call-ID: *(.*)$/im.exec(text)?.[1])).size, 2);
    assert.ok(invites.every(({ uri }) => uri?.startsWith('sip:ringing@')));
    await eventually(() => stack.endings.requests({ method: 'CANCEL' }).length >= 2 || undefined);
  });

  it('calls a phone on request, and hangs up when it is answered', async () => {
    const findings = await look({ url: `${url}/?line=sales`, foreignNumber: undefined, call: true });
    const call = findings.find(({ check }) => check === 'call');
    assert.equal(call?.verdict, 'ok', said(findings));
    assert.match(call.seen, /^answered after/);
  });

  it('tells a credential that is refused from a server that is dead or unknown', async () => {
    const grant = (await fetchGrant({ addresses: { ...stack.addresses, page: url } }, 'sales')) as unknown as {
      ice_servers: [{ urls: string[]; username: string; credential: string }];
    };
    const [{ urls, username, credential }] = grant.ice_servers;
    assert.equal(urls.length, 3);
    for (const text of urls) {
      const server = readIceUrl(text) as IceUrl;
      assert.equal(await probeStun({ ...server, kind: 'stun' }, [authority]), 0, text);
      assert.equal(await probeTurn(server, username, credential, [authority]), 0, text);
      assert.equal(await probeTurn(server, username, 'wrong', [authority]), 401, text);
      assert.equal(await probeTurn(server, '1:old', credential, [authority]), 401, text);
      if (server.transport !== 'tls') continue;
      await assert.rejects(probeTurn(server, username, credential, undefined), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    }
  });

  it('sees that the hook does not answer', async () => {
    stack.setHook('down');
    const findings = await look();
    stack.setHook('up');
    const failed = findings.filter(({ verdict }) => verdict === 'fail');
    assert.deepEqual(
      failed.map(({ check, seen }) => `${check}: ${seen}`),
      ['register: 503'],
      said(findings),
    );
  });

  it('sees that the page is not one of those that may call', async () => {
    const findings = await look({ url: url.replace('127.0.0.1', 'localhost') });
    assert.deepEqual(
      findings.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check),
      ['endpoint'],
      said(findings),
    );
  });
});
