import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UNASSIGNED } from '../../../src/server/doctor/checks/callee.js';
import { examine, type DoctorOptions } from '../../../src/server/doctor/doctor.js';
import type { Finding } from '../../../src/server/doctor/finding.js';
import { grants, headers } from '../support/altered-endpoint.js';
import { makeCertificates, type Certificates } from './support/certificates.js';
import { scriptOf, setUp, TAG, VERSION, type Faults } from './support/set-up.js';

/** A port that nobody listens on. */
const NOBODY = 9;
const hash = (text: string): string => `sha384-${createHash('sha384').update(text).digest('base64')}`;
type Handler = (request: Request) => Promise<Response>;

/** A hook that knows the desk and no caller, as one that looks into another store does. */
const forgetful =
  (right: Handler): Handler =>
  async (request) => {
    const { aor = '' } = (await request.clone().json()) as { aor?: string };
    const knows = !new URL(request.url).pathname.endsWith('/connect') || aor.startsWith('sip:desk@');
    return knows ? await right(request) : Response.json({ error: 'token-unknown' }, { status: 403 });
  };

/** A token endpoint that takes every page for its own. */
const generous =
  (right: Handler): Handler =>
  async (request) => {
    const origin = request.headers.get('Origin');
    if (origin === null) return await right(request);
    const changed = new Headers(request.headers);
    changed.set('Origin', new URL(request.url).origin);
    const response = await right(new Request(request, { headers: changed }));
    const out = new Headers(response.headers);
    out.set('Access-Control-Allow-Origin', origin);
    return new Response(response.body, { status: response.status, headers: out });
  };

/** Obeys the page: whoever is asked for is called. */
const obedient =
  (right: Handler): Handler =>
  async (request) => {
    const body = (await request.clone().json()) as { request_uri?: string };
    const response = await right(request);
    if (!new URL(request.url).pathname.endsWith('/call') || response.status !== 200) return response;
    return Response.json({ ...((await response.json()) as object), callee: body.request_uri });
  };

interface Broken {
  name: string;
  faults: Faults | ((certificates: Certificates) => Faults);
  /** What must be named, as `check: verdict`, and nothing else. */
  named: readonly string[];
  /** What must be said of it. */
  says: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    name: 'a page without TLS',
    faults: { plainPage: true },
    named: ['secure: fail'],
    says: /http:\/\/0\.0\.0\.0.*https/s,
  },
  {
    name: 'no tag',
    faults: { body: `<p>${'Welcome to our shop. '.repeat(20)}</p>` },
    named: ['tag: fail'],
    says: /no <sautikit-call-button>/,
  },
  {
    name: 'a page that a script makes',
    faults: { body: '<div id="root"></div>' },
    named: ['tag: fail'],
    says: /a script makes this page.*--token-url/s,
  },
  {
    name: 'a tag without token-url',
    faults: { body: '<sautikit-call-button></sautikit-call-button>' },
    named: ['token-url: fail'],
    says: /Add token-url/,
  },
  {
    name: 'a number in the tag',
    faults: { body: TAG.replace('line=', 'callee="+254722000001" line=') },
    named: ['tag: fail'],
    says: /has callee/,
  },
  {
    name: 'a policy that forbids the microphone',
    faults: { headers: { 'Permissions-Policy': 'camera=(), microphone=()' } },
    named: ['microphone: fail'],
    says: /microphone=\(self\)/,
  },
  {
    name: 'a microphone for another site only',
    faults: { headers: { 'Permissions-Policy': 'microphone=("https://other.example")' } },
    named: ['microphone: fail'],
    says: /other\.example/,
  },
  {
    name: 'an old script',
    faults: { script: scriptOf('1.1.9') },
    named: ['script: warn'],
    says: /1\.1\.9; 1\.2\.0 is out/,
  },
  {
    name: 'a script that is not there',
    faults: { scriptSource: '/old/sautikit-call-button.js' },
    named: ['script: fail'],
    says: /HTTP 404.*Correct the address in src/s,
  },
  {
    name: 'a script that somebody has written anew',
    faults: { script: 'customElements.define()' },
    named: ['script: warn'],
    says: /cannot be told/,
  },
  {
    name: 'a script that has changed since its hash was taken',
    faults: { scriptAttributes: `integrity="${hash('something else')}"` },
    named: ['integrity: fail'],
    says: new RegExp(`integrity="${hash(scriptOf(VERSION)).replaceAll(/[+/]/g, '.')}"`),
  },
  {
    name: 'a policy that lets nobody be connected to',
    faults: { headers: { 'Content-Security-Policy': "default-src 'self'; connect-src 'none'" } },
    named: ['csp: fail'],
    says: /connect-src does not allow https:.*connect-src does not allow wss:.*Add wss:\/\/localhost:\d+ to connect-src/s,
  },
  {
    name: 'a policy that lets no reports out',
    faults: {
      body: TAG.replace('line=', 'report-url="https://reports.example/calls" line='),
      headers: { 'Content-Security-Policy': "default-src 'self'; connect-src 'self' wss://localhost:*" },
    },
    named: ['csp: fail'],
    says: /connect-src does not allow https:\/\/reports\.example\/calls/,
  },
  {
    name: 'a policy with https: for the gateway',
    faults: { headers: { 'Content-Security-Policy': "default-src 'self' https:" } },
    named: ['csp: fail'],
    says: /connect-src does not allow wss:/,
  },
  {
    name: 'a policy that knows no nonce of the script',
    faults: {
      headers: { 'Content-Security-Policy': "script-src 'nonce-1' 'strict-dynamic'" },
      scriptAttributes: 'nonce="2"',
    },
    named: ['csp: fail'],
    says: /script-src does not allow/,
  },
  {
    name: 'a policy that lets the first file in, and not what it loads',
    faults: { headers: { 'Content-Security-Policy': 'script-src {page}/sautikit-call-button.js' } },
    named: ['csp: fail'],
    says: /script-src does not allow https:\/\/localhost:\d+\/sautikit-call-button\.engine\.1\.2\.0\.js/,
  },
  {
    name: 'trusted types that the button is not among',
    faults: { headers: { 'Content-Security-Policy': "require-trusted-types-for 'script'; trusted-types dompurify" } },
    named: ['csp: fail'],
    says: /Add "sautikit-call-button" to trusted-types/,
  },
  {
    name: 'trusted types that a window of its own is not among',
    faults: { headers: { 'Content-Security-Policy': 'trusted-types sautikit-call-button' } },
    named: ['csp: warn'],
    says: /Add "sautikit-call-button-window" to trusted-types/,
  },
  {
    name: 'trusted types that Lit is not among, where the script has it',
    faults: {
      headers: { 'Content-Security-Policy': 'trusted-types sautikit-call-button' },
      script: `${scriptOf(VERSION)}createPolicy("lit-html")`,
    },
    named: ['csp: fail'],
    says: /Add "lit-html" to trusted-types/,
  },
  {
    name: 'a token endpoint that breaks',
    faults: { endpoint: () => async () => Response.json({ error: 'server-error' }, { status: 500 }) },
    named: ['endpoint: fail'],
    says: /HTTP 500 server-error.*log of the backend/s,
  },
  {
    name: 'a token endpoint that answers a page',
    faults: { endpoint: () => async () => new Response('<!doctype html><title>Log in</title>') },
    named: ['endpoint: fail'],
    says: /HTML instead of JSON/,
  },
  {
    name: 'a token endpoint that does not allow the page',
    faults: { endpoint: () => async () => Response.json({ error: 'token-denied' }, { status: 403 }) },
    named: ['endpoint: fail'],
    says: /Allow the origin of the page: https:\/\/localhost/,
  },
  {
    name: 'a grant that names no gateway',
    faults: { endpoint: grants(({ gateway_url: _, ...grant }) => grant) },
    named: ['endpoint: fail'],
    says: /names no gateway/,
  },
  {
    name: 'grants that caches keep',
    faults: {
      endpoint: headers(
        (all) => all.set('Cache-Control', 'public, max-age=60'),
        ({ status }) => status === 200,
      ),
    },
    named: ['rules/no-store: fail'],
    says: /max-age=60.*no-store/s,
  },
  {
    name: 'grants that every page can read',
    faults: { endpoint: headers((all) => all.set('Access-Control-Allow-Origin', '*')) },
    named: ['rules/cors-foreign: fail', 'rules/cors: fail', 'rules/preflight: fail'],
    says: /never "\*"/,
  },
  {
    name: 'grants for every page',
    faults: { endpoint: generous },
    named: [
      'rules/cors-foreign: fail',
      'rules/foreign-origin: fail',
      'rules/lookalike-origin: fail',
      'rules/null-origin: fail',
    ],
    says: /list of whole origins/,
  },
  {
    name: 'a gateway that is down',
    faults: { gateway: 'down' },
    named: ['gateway: fail'],
    says: /the connection is refused.*Start the gateway/s,
  },
  {
    name: 'a web server where the gateway should be',
    faults: { gateway: 'web server' },
    named: ['gateway: fail'],
    says: /HTTP 200 to the WebSocket handshake/,
  },
  {
    name: 'a WebSocket that speaks no SIP',
    faults: { gateway: 'other WebSocket' },
    named: ['gateway: fail'],
    says: /no SIP gateway/,
  },
  {
    name: 'a gateway that does not allow the page',
    faults: { gateway: 'for another page' },
    named: ['gateway: fail'],
    says: /403.*Allow the origin of the page at the gateway/s,
  },
  {
    name: 'a certificate that has expired',
    faults: ({ expired }) => ({ certificate: expired }),
    named: ['certificate: fail'],
    says: /expired on \d{4}-\d\d-\d\d.*Renew it/s,
  },
  {
    name: 'a certificate that signed itself',
    faults: ({ selfSigned }) => ({ certificate: selfSigned }),
    named: ['certificate: fail'],
    says: /self-signed.*authority that browsers know/s,
  },
  {
    name: 'a certificate for another name',
    faults: ({ otherName }) => ({ certificate: otherName }),
    named: ['certificate: fail'],
    says: /for another name.*gateway_url/s,
  },
  {
    name: 'a certificate that ends soon',
    faults: ({ ending }) => ({ certificate: ending }),
    named: ['certificate: warn'],
    says: /ends in 2 days/,
  },
  {
    name: 'a gateway that does not know the grant',
    faults: { hook: forgetful },
    named: ['register: fail'],
    says: /401 to a REGISTER by Bearer.*share their grant store/s,
  },
  {
    name: 'a gateway that calls whom the page names',
    faults: { hook: obedient, deskNames: [UNASSIGNED] },
    named: ['callee: fail'],
    says: /it rang, and was cancelled, while a name that nobody has: refused with 480.*overwrite/s,
  },
  {
    name: 'a TURN server that is dead',
    faults: {
      iceServers: ['udp', 'tcp'].map((transport) => ({
        urls: `turn:127.0.0.1:${NOBODY}?transport=${transport}`,
        username: `${Math.floor(Date.now() / 1000) + 600}:x`,
        credential: 'x',
      })),
    },
    named: ['turn: fail', 'turn: fail'],
    says: /Start the server/,
  },
  {
    name: 'a STUN server that is dead',
    faults: { iceServers: [{ urls: `stun:127.0.0.1:${NOBODY}` }] },
    named: ['stun: fail'],
    says: /Start the server/,
  },
];

/** All that is not well, but for what stands behind another fault, and for TURN, which the set-up has none of. */
function namedIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ verdict, seen }) => verdict !== 'ok' && !seen.startsWith('not looked at'))
    .filter(({ check, seen }) => check !== 'turn' || seen !== 'none is named')
    .map(({ check, verdict }) => `${check}: ${verdict}`)
    .sort();
}

const said = (findings: readonly Finding[]): string =>
  findings.map(({ check, verdict, seen, todo = '' }) => `${verdict} ${check}: ${seen} -> ${todo}`).join('\n');

describe('the doctor', () => {
  let folder: string;
  let certificates: Certificates;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sautikit-doctor-'));
    certificates = await makeCertificates(folder);
  });

  after(() => rm(folder, { recursive: true }));

  const look = async (
    faults: Faults,
    options: Partial<DoctorOptions> = {},
  ): Promise<{ findings: Finding[]; desk: string[] }> => {
    const system = await setUp(certificates, faults);
    try {
      const { url } = system;
      const { authority } = certificates;
      const findings: Finding[] = [];
      const all = { url, authority, newest: VERSION, foreignNumber: UNASSIGNED, ...options };
      for await (const finding of examine(all)) findings.push(finding);
      return { findings, desk: system.desk?.received ?? [] };
    } finally {
      await system.stop();
    }
  };

  it('finds nothing to mend in a set-up that works, and cancels what rings', async () => {
    const asked: string[] = [];
    const { findings, desk } = await look({}, { onForeignNumber: (number) => asked.push(number) });
    assert.deepEqual(namedIn(findings), [], said(findings));
    assert.match(said(findings), /ok callee: the line was called, although \+830000000000 was asked for/);
    assert.match(said(findings), /ok certificate: localhost:\d+: good for 89 days -> Renew it before/);
    assert.deepEqual(asked, [UNASSIGNED]);
    assert.deepEqual(desk, ['INVITE', 'CANCEL', 'ACK', 'INVITE', 'CANCEL', 'ACK']);
  });

  it('calls nobody at all on request', async () => {
    const { findings, desk } = await look({}, { foreignNumber: undefined });
    assert.deepEqual(namedIn(findings), [], said(findings));
    assert.deepEqual(desk, []);
  });

  it('hangs up at once where somebody answers, and calls the line on request', async () => {
    const { findings, desk } = await look({ deskAnswers: true }, { call: true });
    assert.deepEqual(namedIn(findings), [], said(findings));
    assert.match(said(findings), /ok call: answered after/);
    const each = ['INVITE', 'ACK', 'BYE'];
    assert.deepEqual(desk, [...each, ...each, ...each]);
  });

  it('finds nothing to mend in a page with a strict policy, a hash, and the microphone for itself', async () => {
    const { findings } = await look({
      headers: {
        'Content-Security-Policy':
          "default-src 'none'; script-src 'nonce-r' 'strict-dynamic'; connect-src 'self' {gateway}; require-trusted-types-for 'script'; trusted-types sautikit-call-button sautikit-call-button-window",
        'Permissions-Policy': 'camera=(), microphone=(self)',
      },
      scriptAttributes: `nonce="r" integrity="${hash(scriptOf(VERSION))}"`,
    });
    assert.deepEqual(namedIn(findings), [], said(findings));
  });

  it('takes from the command what a script of the page sets', async () => {
    const faults = { body: '<div id="root"></div>' };
    const system = await setUp(certificates, faults);
    const { tokenUrl, url } = system;
    const findings: Finding[] = [];
    const { authority } = certificates;
    for await (const finding of examine({ url, authority, newest: VERSION, tokenUrl, line: 'sales' }))
      findings.push(finding);
    await system.stop();
    assert.deepEqual(namedIn(findings), ['tag: warn'], said(findings));
    assert.match(said(findings), /ok register: 200, by Bearer/);
  });

  it('knows a script that does not say its version by its bytes', async () => {
    const script = 'customElements.define()';
    const { findings } = await look(
      { script },
      { published: (name) => (name === 'sautikit-call-button.js' ? Buffer.from(script) : undefined) },
    );
    assert.deepEqual(namedIn(findings), [], said(findings));
    assert.match(said(findings), /ok script: version 1\.2\.0, byte for byte/);
  });

  it('knows the one file with everything by its first line', async () => {
    const { findings } = await look({ script: `/*! sautikit-call-button ${VERSION} */\n(()=>{})();` });
    assert.match(said(findings), /ok script: version 1\.2\.0\b(?!, byte)/);
    const { findings: older } = await look({ script: '/*! sautikit-call-button 1.1.9 */\n(()=>{})();' });
    assert.match(said(older), /warn script: version 1\.1\.9; 1\.2\.0 is out/);
  });

  it('says that there is no page', async () => {
    const { findings } = await look({}, { url: `http://127.0.0.1:${NOBODY}/` });
    assert.deepEqual(namedIn(findings), ['page: fail']);
  });

  describe('names what is broken:', () => {
    for (const { name, faults, named, says } of BROKEN) {
      it(name, async () => {
        const { findings } = await look(typeof faults === 'function' ? faults(certificates) : faults);
        assert.deepEqual(namedIn(findings), named, said(findings));
        assert.match(said(findings), says);
        for (const { verdict, todo } of findings) assert.ok(verdict === 'ok' || todo, 'it says what to do');
        assert.doesNotMatch(said(findings), /eyJ/, 'it shows a token');
      });
    }
  });
});
