import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import sinon from 'sinon';
import { button, listen, part, press, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

describe('the attributes', () => {
  afterEach(() => sinon.restore());

  it('make a button with a label, an icon and empty live regions from the first paint', async () => {
    const element = await button();
    const control = part<HTMLButtonElement>(element, 'button')!;
    expect(control.type).to.equal('button');
    expect(control.querySelector('slot:not([name])')).to.exist;
    expect(control.querySelector('svg')!.getAttribute('aria-hidden')).to.equal('true');
    for (const role of ['status', 'alert']) {
      expect(element.shadowRoot!.querySelector(`[role=${role}]`)!.textContent).to.equal('');
    }
    expect(element.callState).to.equal('idle');
    expect(element.hasAttribute('state')).to.equal(false);
  });

  it('take the label from the attribute where nothing is slotted', async () => {
    const element = await fixture<HTMLElement>(html`<sautikit-call-button label="Ring us"></sautikit-call-button>`);
    expect(element.shadowRoot!.querySelector('slot:not([name])')!.textContent).to.contain('Ring us');
  });

  for (const [name, value] of [
    ['full-width', ''],
    ['panel', 'inline'],
    ['placement', 'bottom-end'],
  ] as const) {
    it(`show nothing of a hidden button, also with \`${name}\``, async () => {
      const element = await button({ hidden: '', [name]: value });
      expect(getComputedStyle(element).display).to.equal('none');
      element.hidden = false;
      expect(getComputedStyle(element).display).not.to.equal('none');
    });
  }

  it('block the next call by `disabled`, and never the one that is there', async () => {
    const desk = await Desk.open();
    const element = await button({ disabled: '' });
    press(element);
    expect(part(element, 'button')!.getAttribute('aria-disabled')).to.equal('true');
    expect(element.availability).to.equal('disabled');
    expect(await element.call()).to.include({ outcome: 'cancelled' });

    element.disabled = false;
    void element.call();
    await state(element, 'active');
    element.disabled = true;
    await element.updateComplete;
    expect(part(element, 'button')!.getAttribute('aria-disabled')).to.equal('false');
    press(element, 'hangup');
    await state(element, 'ended');
    await desk.close();
  });

  for (const name of ['callee', 'password', 'number', 'username']) {
    it(`say in the console why there is no \`${name}\``, async () => {
      const error = sinon.stub(console, 'error');
      await button({ [name]: 'x' });
      expect(error.firstCall.args[0]).to.contain(name);
    });
  }

  it('say what is missing where there is no token-url, and leave a button that can be pressed', async () => {
    const error = sinon.stub(console, 'error');
    const events = listen();
    const element = await button();
    element.removeAttribute('token-url');
    expect(await element.call()).to.include({ outcome: 'failed', code: 'token-malformed' });
    expect(error.firstCall.args[0]).to.contain('token-url');
    expect(events.named('error')).to.have.length(1);
    expect(events.named('call-ended'), 'no call began').to.have.length(0);
    events.stop();
  });

  it('hide mute and keypad', async () => {
    const desk = await Desk.open();
    const element = await button({ 'no-mute': '', 'no-keypad': '' });
    void element.call();
    await state(element, 'active');
    await until(() => part(element, 'hangup'), 'the panel shows');
    expect(part(element, 'mute')).to.equal(null);
    expect(part(element, 'panel')!.querySelector('#keypad-toggle')).to.equal(null);
    await element.hangup();
    await desk.close();
  });

  it('show the call in place by `panel="inline"`', async () => {
    const desk = await Desk.open();
    const element = await button({ panel: 'inline' });
    void element.call();
    await state(element, 'active');
    expect(part(element, 'panel')!.hasAttribute('popover')).to.equal(false);
    await element.hangup();
    await desk.close();
  });

  it('ask for consent before anything is fetched', async () => {
    const fetched = sinon.spy(globalThis, 'fetch');
    const events = listen();
    const loaded = () => performance.getEntriesByType('resource').map(({ name }) => name);
    const element = await button({ 'require-consent': '', 'status-url': '/api/status' });
    const before = loaded();
    part(element, 'button')!.dispatchEvent(new PointerEvent('pointerenter'));
    press(element);
    await element.updateComplete;
    expect(part(element, 'consent')!.querySelector('slot[name=consent]')).to.exist;
    // What is asked has been read, and not answered.
    part(element, 'button')!.dispatchEvent(new PointerEvent('pointerenter'));
    part(element, 'button')!.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'mouse' }));
    await aTimeout(200);
    expect(events.heard).to.deep.equal([]);
    expect(fetched.called).to.equal(false);
    expect(loaded()).to.deep.equal(before);
    events.stop();
  });

  it('send line and context with the request, and leave out a context that is too large', async () => {
    const bodies: Record<string, unknown>[] = [];
    sinon.stub(globalThis, 'fetch').callsFake((_url, init) => {
      bodies.push(JSON.parse(String(init?.body)) as Record<string, unknown>);
      return Promise.resolve(new Response('{"error":"not-found"}', { status: 404 }));
    });
    const element = await button({ context: '{"campaign":"spring"}' });
    const events = listen();
    await element.call();
    element.setAttribute('context', JSON.stringify({ long: 'x'.repeat(1100) }));
    await element.call();
    // JSON has no word for it, but a script may set it.
    Object.assign(element, { line: 10n });
    await element.call();
    events.stop();
    const ids = events.named('call-ended').map(({ detail }) => detail['callId']);
    expect(new Set(ids).size).to.equal(3);
    expect(bodies).to.deep.equal([
      { line: 'sales', context: { campaign: 'spring' }, correlation_id: ids[0] },
      { line: 'sales', correlation_id: ids[1] },
      { line: '10', correlation_id: ids[2] },
    ]);
  });

  it('fix the method and the credentials of the token request', async () => {
    const fetched = sinon.stub(globalThis, 'fetch').callsFake(() => Promise.resolve(new Response('', { status: 403 })));
    const element = await button({ 'token-method': 'get', 'token-credentials': 'include' });
    await element.call();
    const [url, init] = fetched.firstCall.args;
    expect(init).to.include({ method: 'GET', credentials: 'include', cache: 'no-store' });
    expect(String(url)).to.match(/\/api\/sip-token\?line=sales$/);
  });

  it('refuse a gateway that is not wss, but on this machine', async () => {
    const element = await button({ 'gateway-url': 'ws://gateway.example/' });
    element.tokenProvider = () => Promise.resolve({ token: 'abc', expires_in: 300, sip_uri: 'sip:a@example.com' });
    expect(await element.call()).to.include({ outcome: 'failed', code: 'token-malformed' });
  });
});
