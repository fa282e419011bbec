import { expect } from '@open-wc/testing';
import sinon, { type SinonStub } from 'sinon';
import { parseCallReport, type CallReport } from '../../src/server/report/call-report.js';
import { button, listen, press, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

describe('the report of a call', () => {
  let desk: Desk;
  let events: ReturnType<typeof listen>;
  let beacon: SinonStub<Parameters<Navigator['sendBeacon']>, boolean>;

  beforeEach(async () => {
    desk = await Desk.open();
    events = listen();
    beacon = sinon.stub(navigator, 'sendBeacon').returns(true);
  });

  afterEach(async () => {
    sinon.restore();
    events.stop();
    await desk.close();
  });

  const REPORTING = { 'report-url': '/api/call-report' };
  const sent = () => beacon.args.map(([, body]) => JSON.parse(String(body)) as CallReport);
  /** The one report, which the server's own reader takes, with nothing that the reader does not know. */
  function onlyReport(): CallReport {
    expect(sent()).to.have.length(1);
    const report = parseCallReport(sent()[0]);
    expect(report).to.deep.equal(sent()[0]);
    return report!;
  }
  const lastId = () => events.named('call-ended').at(-1)!.detail['callId'];

  it('is sent once, when the call is over, with what its end says', async () => {
    const element = await button(REPORTING);
    const result = element.call();
    await state(element, 'active');
    expect(beacon.called, 'not before').to.equal(false);
    await element.hangup();
    const { durationSeconds, timings } = await result;
    const report = onlyReport();
    expect(report).to.include({
      schema: 1,
      call_id: lastId(),
      origin: location.origin,
      line: 'sales',
      outcome: 'completed',
      left: false,
      duration_seconds: durationSeconds,
      recoveries: 0,
    });
    expect(report.timings).to.deep.equal(timings);
    expect(report.browser).to.equal(navigator.userAgent.includes('Firefox') ? 'firefox' : 'chromium');
    expect(report).not.to.have.any.keys('code', 'responsible', 'tried');
    expect(String(beacon.args[0]![0])).to.equal(`${location.origin}/api/call-report`);
  });

  it('of a call that failed says why, who can mend it, and what was tried', async () => {
    sinon.stub(navigator.mediaDevices, 'getUserMedia').rejects(new DOMException('', 'NotFoundError'));
    await (await button(REPORTING)).call();
    expect(onlyReport()).to.deep.include({
      outcome: 'failed',
      code: 'mic-missing',
      responsible: 'caller',
      tried: { step: 'microphone', attempts: 1 },
    });
  });

  it('is sent where the page goes away in the call, and not again when it comes back', async () => {
    const element = await button(REPORTING);
    void element.call();
    await state(element, 'active');
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    await state(element, 'ended');
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    await until(() => !desk.call!.live, 'the desk heard the BYE');
    expect(onlyReport()).to.include({ outcome: 'completed', left: true, call_id: lastId() });
  });

  it('is sent where the element is taken out in the call', async () => {
    const element = await button(REPORTING);
    const result = element.call();
    await state(element, 'active');
    element.remove();
    await result;
    expect(onlyReport().left).to.equal(false);
  });

  it('is another one for each call', async () => {
    const element = await button(REPORTING);
    for (const _ of [1, 2]) {
      void element.call();
      await state(element, 'active');
      await element.hangup();
    }
    const ids = sent().map(({ call_id }) => call_id);
    expect(new Set(ids).size).to.equal(2);
    expect(ids).to.deep.equal(events.named('call-ended').map(({ detail }) => detail['callId']));
  });

  it('is not sent for a press that asks for consent, and nothing is before there is some', async () => {
    const fetched = sinon.spy(globalThis, 'fetch');
    const element = await button({ ...REPORTING, 'require-consent': '' });
    press(element);
    await element.updateComplete;
    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
    expect(beacon.called || fetched.called).to.equal(false);
    press(element);
    await state(element, 'active');
    await element.hangup();
    onlyReport();
  });

  it('is not sent without the attribute, which counts as it is when the call ends', async () => {
    const element = await button();
    const first = element.call();
    await state(element, 'active');
    await element.hangup();
    await first;
    expect(beacon.called).to.equal(false);
    const second = element.call();
    await state(element, 'active');
    element.setAttribute('report-url', '/api/call-report');
    await element.hangup();
    await second;
    onlyReport();
  });

  for (const [url, goes] of [
    ['https://elsewhere.example/calls', true],
    ['http://elsewhere.example/calls', false],
    ['//elsewhere.example:81/calls', false],
    ['javascript:alert(1)', false],
    ['data:text/plain,x', false],
    ['file:///etc/passwd', false],
    ['https://', false],
  ] as const) {
    it(`${goes ? 'goes' : 'does not go'} to ${url}`, async () => {
      const debug = sinon.stub(console, 'debug');
      sinon.stub(navigator.mediaDevices, 'getUserMedia').rejects(new DOMException('', 'NotFoundError'));
      await (await button({ 'report-url': url, debug: '' })).call();
      expect(beacon.callCount).to.equal(goes ? 1 : 0);
      const lines = debug.args.map(([line]) => String(line)).filter((line) => line.includes('report'));
      expect(lines).to.have.length(goes ? 0 : 1);
    });
  }

  it('that the browser does not take changes nothing for the caller', async () => {
    beacon.throws(new TypeError('no'));
    const element = await button(REPORTING);
    const result = element.call();
    await state(element, 'active');
    await element.hangup();
    expect(await result).to.include({ outcome: 'completed' });
    expect(events.named('call-ended')).to.have.length(1);
  });

  it('holds no secret and nothing of the page or its visitor', async () => {
    const secrets: string[] = [];
    const { fetch } = globalThis;
    sinon.stub(globalThis, 'fetch').callsFake(async (...request) => {
      const response = await fetch(...request);
      const grant = (await response.clone().json()) as { token: string; sip_uri: string; gateway_url: string };
      secrets.push(...grant.token.split('.'), grant.sip_uri, grant.sip_uri.replace(/^sip:|@.*/g, ''));
      secrets.push([grant.gateway_url].flat()[0]!);
      return response;
    });
    const element = await button({ ...REPORTING, context: '{"campaign":"spring"}', label: 'Call Amina' });
    const result = element.call();
    await state(element, 'active');
    await element.hangup();
    await result;
    const [[, body] = []] = beacon.args;
    expect(secrets).to.have.length.at.least(5);
    for (const secret of [...secrets, 'sip:', 'spring', 'Amina', location.search, navigator.userAgent, '/test/']) {
      if (secret) expect(String(body).includes(secret), secret).to.equal(false);
    }
    onlyReport();
  });
});
