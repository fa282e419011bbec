import { expect, fixture, html } from '@open-wc/testing';
import { examinePage } from '../../src/doctor.js';
import type { PageFinding } from '../../src/doctor.js';
import { button } from './support/button.js';

const of = (findings: readonly PageFinding[], check: string): PageFinding[] =>
  findings.filter((finding) => finding.check === check);
const verdicts = (findings: readonly PageFinding[]): string[] =>
  findings.map(({ check, verdict }) => `${check}: ${verdict}`);

describe('the doctor in the page', () => {
  it('finds what the page and its button need', async () => {
    await button();
    const findings = await examinePage();
    expect(verdicts(findings)).to.deep.equal([
      'secure: ok',
      'microphone: ok',
      'tag: ok',
      'endpoint: ok',
      'gateway: ok',
      'turn: warn',
      'csp: ok',
    ]);
    expect(JSON.stringify(findings)).not.to.match(/eyJ|sip:/);
  });

  it('says that there is no button', async () => {
    await fixture(html`<p>Nothing</p>`);
    expect(verdicts(await examinePage())).to.include('tag: fail');
  });

  it('says that the button does not know where its grants come from', async () => {
    const element = await button();
    element.removeAttribute('token-url');
    expect(verdicts(await examinePage(element))).to.include('token-url: fail');
  });

  it('says what the token endpoint refuses with', async () => {
    const element = await button({ line: 'no-such-line' });
    const [endpoint] = of(await examinePage(element), 'endpoint');
    expect(endpoint).to.include({ verdict: 'fail', seen: 'not-found' });
    expect(endpoint!.todo).to.contain('npx @sautikit/call-button doctor');
  });

  it('says that a gateway and a TURN server are dead', async () => {
    const grant = {
      token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.x',
      expires_in: 300,
      gateway_url: 'ws://localhost:64999/sip',
      sip_uri: 'sip:x@localhost',
      ice_servers: [{ urls: 'turn:127.0.0.1:64999?transport=tcp', username: 'x', credential: 'x' }],
    };
    const address = URL.createObjectURL(new Blob([JSON.stringify(grant)], { type: 'application/json' }));
    const findings = await examinePage(await button({ 'token-url': address, 'token-method': 'GET', line: '' }));
    URL.revokeObjectURL(address);
    expect(verdicts([...of(findings, 'gateway'), ...of(findings, 'turn')])).to.deep.equal([
      'gateway: fail',
      'turn: fail',
    ]);
  });
});
