import { aTimeout, expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { button, part, press, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

/** Longer than what is fetched ahead needs to begin. */
const A_MOMENT = 100;

type Happening = readonly [what: string, event: () => Event];

const pointer = (type: string, init: PointerEventInit = {}) =>
  (() => new PointerEvent(type, { pointerType: 'mouse', ...init })) satisfies () => Event;
const key = (name: string) => () => new KeyboardEvent('keydown', { key: name });

const hover: Happening = ['a pointer over the button', pointer('pointerenter')];
const focus: Happening = ['the focus', () => new FocusEvent('focus')];

const PRESSES: readonly Happening[] = [
  ['a mouse', pointer('pointerdown')],
  ['a pen', pointer('pointerdown', { pointerType: 'pen' })],
  ['the space bar', key(' ')],
  ['Enter', key('Enter')],
];

const NO_PRESSES: readonly Happening[] = [
  hover,
  focus,
  ['a touch, which may become a scroll', pointer('pointerdown', { pointerType: 'touch' })],
  ['the other button of a mouse', pointer('pointerdown', { button: 2 })],
  ['Tab', key('Tab')],
  ['a letter', key('k')],
];

describe('what a visitor shows before a click', () => {
  let fetched: sinon.SinonSpy;
  const happen = (element: SautikitCallButton, [, event]: Happening) => part(element, 'button')!.dispatchEvent(event());

  beforeEach(() => {
    fetched = sinon.spy(globalThis, 'fetch');
  });
  afterEach(() => sinon.restore());

  for (const pressing of PRESSES) {
    it(`fetches the grant when ${pressing[0]} presses`, async () => {
      const element = await button();
      happen(element, pressing);
      await until(() => fetched.called, 'a grant is asked for');
      await aTimeout(A_MOMENT);
      expect(fetched.callCount).to.equal(1);
    });
  }

  for (const other of NO_PRESSES) {
    it(`mints no token for ${other[0]}`, async () => {
      const element = await button();
      happen(element, other);
      await aTimeout(A_MOMENT);
      expect(fetched.called).to.equal(false);
    });
  }

  for (const intent of [hover, focus]) {
    it(`opens the socket for ${intent[0]}, where the gateway is known`, async () => {
      const opened = sinon.spy(globalThis, 'WebSocket');
      const element = await button({ 'gateway-url': 'wss://gateway.invalid/' });
      happen(element, intent);
      await until(() => opened.called, 'a socket opens');
      expect(opened.firstCall.args[0]).to.equal('wss://gateway.invalid/');
      expect(fetched.called).to.equal(false);
    });
  }

  it('is used by the click: one grant and one peer connection in all', async () => {
    const desk = await Desk.open();
    fetched.resetHistory();
    const element = await button();
    const made = sinon.spy(globalThis, 'RTCPeerConnection');
    happen(element, PRESSES[0]!);
    await until(() => made.called, 'the press begins with ICE');
    press(element);
    await state(element, 'active');
    // The desk in this page makes one, too.
    expect(made.callCount).to.equal(2);
    expect(fetched.getCalls().filter(({ args }) => String(args[0]).endsWith('/api/sip-token'))).to.have.length(1);
    await element.hangup();
    await desk.close();
  });

  const nothingAhead = async (attributes: Record<string, string> = {}) => {
    const opened = sinon.spy(globalThis, 'WebSocket');
    const element = await button({ 'gateway-url': 'wss://gateway.invalid/', ...attributes });
    for (const happening of [hover, focus, ...PRESSES]) happen(element, happening);
    await aTimeout(A_MOMENT);
    expect(fetched.called, 'no grant').to.equal(false);
    expect(opened.called, 'no socket').to.equal(false);
  };

  it('is not acted on by `preload="none"`', () => nothingAhead({ preload: 'none' }));

  it('is not acted on while the button is disabled', () => nothingAhead({ disabled: '' }));

  it('is not acted on where the visitor saves data', async () => {
    Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true });
    try {
      await nothingAhead();
    } finally {
      delete (navigator as { connection?: unknown }).connection;
    }
  });

  it('is not acted on in a page that nobody sees', async () => {
    sinon.stub(document, 'hidden').get(() => true);
    await nothingAhead();
  });
});
