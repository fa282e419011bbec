import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { responsibleFor, type ErrorCode } from '../../src/errors.js';
import { button, listen, part, press, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

/** How the browser refuses a microphone, and what becomes of it. */
const MICROPHONE: readonly (readonly [name: string, message: string, permission: PermissionState, code: ErrorCode])[] =
  [
    ['NotAllowedError', 'Permission denied', 'denied', 'mic-denied'],
    ['NotAllowedError', 'Permission dismissed', 'prompt', 'mic-dismissed'],
    ['NotAllowedError', 'Permission denied by system', 'granted', 'mic-blocked'],
    ['SecurityError', 'not here', 'prompt', 'mic-blocked'],
    ['NotFoundError', 'Requested device not found', 'granted', 'mic-missing'],
    ['OverconstrainedError', '', 'granted', 'mic-missing'],
    ['NotReadableError', 'Could not start audio source', 'granted', 'mic-busy'],
    ['AbortError', '', 'granted', 'mic-busy'],
  ];

describe('what goes wrong', () => {
  let desk: Desk;
  let events: ReturnType<typeof listen>;

  beforeEach(async () => {
    desk = await Desk.open();
    events = listen();
  });

  afterEach(async () => {
    sinon.restore();
    events.stop();
    await desk.close();
  });

  /** One failure: one event, one code, words for the caller, and a button that works again. */
  async function failsWith(
    code: ErrorCode,
    mend: () => void,
    attributes: Record<string, string> = {},
    responsible = responsibleFor(code),
  ): Promise<void> {
    const element = await button(attributes);
    expect(await element.call()).to.include({ outcome: 'failed', code });
    expect(events.named('call-ended').map(({ detail }) => detail['code'])).to.deep.equal([code]);
    const { detail } = events.named('call-ended')[0]!;
    expect(detail['tried']).to.include.keys('step', 'attempts');
    expect(detail['responsible']).to.equal(responsible);
    expect(events.named('error')).to.deep.equal([]);
    expect(element.callState).to.equal('failed');
    await until(() => part(element, 'error'), 'what went wrong is shown');
    expect(part(element, 'error')!.textContent!.trim()).not.to.equal('');
    expect(element.shadowRoot!.querySelector('[role=alert]')!.textContent).not.to.equal('');
    mend();
    press(element);
    await state(element, 'active');
    await element.hangup();
  }

  it('a microphone that a policy withholds from the page is the owner’s to mend, and the console says how', async () => {
    const error = sinon.stub(console, 'error');
    const opening = sinon.stub(navigator.mediaDevices, 'getUserMedia').rejects(new DOMException('', 'NotAllowedError'));
    Object.defineProperty(document, 'featurePolicy', { value: { allowsFeature: () => false }, configurable: true });
    const mend = () => {
      Reflect.deleteProperty(document, 'featurePolicy');
      opening.restore();
    };
    await failsWith('mic-blocked', mend, {}, 'owner');
    expect(error.args.flat().filter((text) => String(text).includes('Permissions-Policy'))).to.have.length(1);
  });

  for (const [name, message, permission, code] of MICROPHONE) {
    it(`a microphone refused with ${name} "${message}" is ${code}`, async () => {
      const refusal = sinon.stub(navigator.mediaDevices, 'getUserMedia').rejects(new DOMException(message, name));
      sinon.stub(navigator.permissions, 'query').resolves({ state: permission } as PermissionStatus);
      await failsWith(code, () => refusal.restore());
    });
  }

  for (const [status, body, code] of [
    [401, '', 'token-denied'],
    [403, '{"error":"token-denied"}', 'token-denied'],
    [404, '{"error":"not-found"}', 'not-found'],
    [429, '{"error":"rate-limited","retry_after":30}', 'rate-limited'],
    [503, '{"error":"server-error"}', 'server-error'],
    [502, '<h1>Bad gateway</h1>', 'token-unreachable'],
    [200, '<!doctype html><title>Log in</title>', 'token-malformed'],
    [200, '{"available":false,"opens_at":"2030-01-01T08:00:00+03:00"}', 'line-closed'],
    [200, '{}', 'token-malformed'],
  ] as const) {
    it(`a token endpoint that answers ${status} ${body || 'nothing'} is ${code}`, async () => {
      const { fetch } = globalThis;
      let broken = true;
      sinon.stub(globalThis, 'fetch').callsFake((...request) => {
        const ours = String(request[0]).endsWith('/api/sip-token');
        return ours && broken ? Promise.resolve(new Response(body, { status })) : fetch(...request);
      });
      // Who answers is there, so that the network is not to blame.
      await failsWith(code, () => (broken = false), {}, status === 502 ? 'owner' : responsibleFor(code));
    });
  }

  it('a token endpoint that cannot be reached is token-unreachable', async () => {
    const { fetch } = globalThis;
    let broken = true;
    sinon.stub(globalThis, 'fetch').callsFake((...request) => {
      return broken ? Promise.reject(new TypeError('Failed to fetch')) : fetch(...request);
    });
    await failsWith('token-unreachable', () => (broken = false));
  });

  it('a human check that the page cannot make is challenge-required, until the page can', async () => {
    const { fetch } = globalThis;
    const asked: { challenge?: unknown }[] = [];
    sinon.stub(globalThis, 'fetch').callsFake((url, init) => {
      if (!String(url).endsWith('/api/sip-token')) return fetch(url, init);
      const { challenge, ...request } = JSON.parse(init!.body as string) as { challenge?: unknown };
      asked.push({ challenge });
      const refusal = '{"error":"challenge-required","challenge":{"type":"turnstile","site_key":"public"}}';
      if (!challenge) return Promise.resolve(new Response(refusal, { status: 403 }));
      return fetch(url, { ...init, body: JSON.stringify(request) });
    });
    const element = await button();
    expect(await element.call()).to.include({ outcome: 'failed', code: 'challenge-required' });
    element.solveChallenge = ({ type, site_key }) => Promise.resolve(`${type} of ${String(site_key)}`);
    press(element);
    await state(element, 'active');
    expect(asked.at(-1)).to.deep.equal({ challenge: { type: 'turnstile', response: 'turnstile of public' } });
    await element.hangup();
  });

  it('a gateway that refuses the connection is gateway-unreachable', async () => {
    const element = await button();
    const request = await fetch('/api/sip-token', { method: 'POST', body: '{"line":"sales"}' });
    const grant = (await request.json()) as Record<string, unknown>;
    element.tokenProvider = () => Promise.resolve({ ...grant, gateway_url: 'ws://localhost:9/' });
    expect(await element.call()).to.include({ outcome: 'failed', code: 'gateway-unreachable' });
    element.tokenProvider = undefined;
    press(element);
    await state(element, 'active');
    await element.hangup();
  });

  it('a browser without WebRTC shows the fallback, and nothing throws', async () => {
    const connection = globalThis.RTCPeerConnection;
    Object.defineProperty(globalThis, 'RTCPeerConnection', { value: undefined, configurable: true, writable: true });
    try {
      const element = await button();
      expect(part(element, 'button')).to.equal(null);
      expect(element.shadowRoot!.querySelector('slot[name=fallback]')).to.exist;
      expect(element.availability).to.equal('unsupported');
      expect(await element.call()).to.include({ outcome: 'failed', code: 'unsupported' });
      expect(events.named('error').map(({ detail }) => detail['code'])).to.deep.equal(['unsupported']);
      expect(events.named('call-ended')).to.deep.equal([]);
    } finally {
      Object.defineProperty(globalThis, 'RTCPeerConnection', { value: connection, configurable: true, writable: true });
    }
  });

  it('sound that the browser holds back keeps the call, and a tap brings it', async () => {
    const play = sinon
      .stub(HTMLMediaElement.prototype, 'play')
      .rejects(new DOMException('play() failed', 'NotAllowedError'));
    const element = await button();
    void element.call();
    await state(element, 'active');
    await element.updateComplete;
    const tap = part(element, 'panel')!.querySelector<HTMLButtonElement>('.hear')!;
    expect(tap.textContent).to.contain('hear');
    play.resetBehavior();
    play.resolves();
    tap.click();
    await expect(part(element, 'panel')).to.exist;
    await element.updateComplete;
    expect(element.callState).to.equal('active');
    await element.hangup();
  });
});
