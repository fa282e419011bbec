import { expect } from '@open-wc/testing';
import fc, { type Arbitrary } from 'fast-check';
import { watchCalls } from '../../../src/analytics/analytics.js';
import { messages as english } from '../../../src/i18n/locales/en.js';
import { state } from '../../element/support/button.js';
import { Desk } from '../../element/support/desk.js';
import { TEXTS } from '../support/hostile.js';
import { anyJson } from '../support/json.js';
import { imposePolicy, intruders } from '../support/page-policy.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-page.js';
import { Watch } from '../support/watch.js';
import { loadEntry, openLinkPage, openPage, openWindow, type Place } from '../support/windows.js';

/** Events that are the element's own to tell; whoever shares the page can forge them. */
const OWN = ['call-dialing', 'call-ringing', 'call-answered', 'state-change', 'mute-change', 'call-ended', 'error'];

/** As wallets, widgets and frames of a page write them, with names that a program might listen for. */
const data: Arbitrary<unknown> = fc.oneof(
  anyJson,
  fc.record({
    type: fc.constantFrom('sautikit-call', 'hangup', 'call', 'token', 'sautikit:config', '__proto__', ...TEXTS),
    action: fc.constantFrom('call', 'hangup', 'mute', 'eval', 'config'),
    payload: anyJson,
    token: fc.constant('secret-forged'),
  }),
  fc.record({ from: fc.constant('active'), to: fc.constantFrom('idle', 'ended', 'dialing', null) }),
  fc.constantFrom(null, undefined),
  fc.constantFrom('setImmediate$0.1$1', 'webpackHotUpdate', '{"type":"call"}', '[object Object]', 'call', 'hangup'),
);

type Message = { as: 'message' | 'forged' | 'button' | 'storage' | 'frame' | 'address'; data: unknown; name: string };
const message: Arbitrary<Message> = fc.record({
  as: fc.constantFrom('message', 'message', 'frame', 'forged', 'button', 'storage', 'address'),
  data,
  name: fc.constantFrom(...OWN),
});

/** What a link may have after its `#`; only two of the page's list are lines. */
const hash: Arbitrary<string> = fc
  .tuple(fc.constantFrom('line=', '#line=', 'line=sales&line=', '', 'token-url=', 'line=%'), fc.constantFrom(...TEXTS))
  .map(([before, text]) => before + text);

/** Has been handled there, and what was handled has had its turn. */
const handled = ({ MessageChannel }: typeof globalThis): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

function send({ window: place, element }: Place, frame: HTMLIFrameElement, { as, data, name }: Message): void {
  const { document, StorageEvent, CustomEvent } = place;
  if (as === 'message') place.postMessage(data, '*');
  else if (as === 'frame') frame.contentWindow!.postMessage(data, '*');
  else if (as === 'storage')
    place.dispatchEvent(new StorageEvent('storage', { key: name, newValue: JSON.stringify(data) }));
  else if (as === 'address') place.location.hash = `line=${name === 'error' ? 'support' : name}`;
  else (as === 'button' ? element : document).dispatchEvent(new CustomEvent(`sautikit-${name}`, { detail: data }));
}

describe('messages and events that others send in the page', function () {
  this.timeout(patience * 2);
  this.retries(0);
  let desk: Desk;
  let entry: HTMLScriptElement;
  let violated: string[];
  let place: Place;
  let watch: Watch;
  let frame: HTMLIFrameElement;
  let stop: () => void;
  const records: unknown[] = [];

  before(async () => {
    entry = loadEntry();
    desk = await Desk.open();
    stop = watchCalls({ to: [(record) => records.push(record)], consent: () => true });
  });
  after(async () => {
    stop();
    entry.remove();
    await desk.close();
  });
  afterEach(() => {
    watch.stop();
    place.close();
  });

  function watchOver(opened: Place): void {
    place = opened;
    watch = new Watch(place.window);
    const { document } = place.window;
    frame = document.createElement('iframe');
    document.body.append(frame);
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      violated.push(`${violatedDirective} ${blockedURI}`),
    );
  }

  /** In the middle of a call. @returns how many messages were sent */
  async function expectNothingChanged(): Promise<number> {
    const { element, window: there } = place;
    await state(element, 'active');
    const { callId } = element;
    const line = element.getAttribute('line');
    const status = () => element.shadowRoot!.querySelector('[part~=status]')!.textContent;
    // It may come to tell of the network, or of a microphone that is not heard, but never in other words.
    const words = Object.values(english).filter((text) => typeof text === 'string');
    let inputs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 10, maxLength: 40, size: 'max' }), async (messages) => {
        for (const one of messages) {
          inputs++;
          watch.timed(() => send(place, frame, one));
        }
        await handled(there);
        expect(element.callState).to.equal('active');
        expect(element.callId).to.equal(callId);
        expect(element.muted).to.be.false;
        expect(element.getAttribute('line')).to.equal(line);
        expect(status()!.trim()).to.be.oneOf(words);
        expect(intruders(element.shadowRoot!)).to.be.empty;
        expect(violated).to.be.empty;
        watch.check(['secret-forged']);
        records.length = 0;
      }),
      parameters(40),
    );
    await element.hangup();
    expect(element.callState).to.equal('ended');
    return inputs;
  }

  it('change nothing in a call of the page behind a link, whose address calls no line but those of its list', async () => {
    violated = [];
    watchOver(await openLinkPage());
    const { element, window: there } = place;
    expect(element.getAttribute('line')).to.equal('sales');
    void element.call();
    let inputs = await expectNothingChanged();
    const drawn = there.document.querySelectorAll('*').length;
    await fc.assert(
      fc.asyncProperty(fc.array(hash, { minLength: 1, maxLength: 10 }), async (hashes) => {
        for (const one of hashes) {
          inputs++;
          const changed = new Promise((resolve) => there.addEventListener('hashchange', resolve, { once: true }));
          const before = there.location.href;
          there.location.hash = one;
          if (there.location.href !== before) await changed;
          expect(element.getAttribute('line')).to.be.oneOf([null, 'sales', 'support']);
          expect(element.hidden).to.equal(!element.hasAttribute('line'));
        }
        expect(there.document.querySelectorAll('*').length).to.equal(drawn);
        watch.check(['secret-forged']);
      }),
      parameters(20),
    );
    await tell('messages to the page behind a link', inputs, { slowestMs: Math.round(watch.slowest) });
  });

  it('change nothing in a call of the page, and the button is as it was', async () => {
    violated = imposePolicy();
    watchOver(await openPage());
    void place.element.call();
    const inputs = await expectNothingChanged();
    await tell('messages', inputs, { slowestMs: Math.round(watch.slowest) });
  });

  it('change nothing in a call that goes on in a window of its own', async () => {
    violated = [];
    watchOver(await openWindow());
    const inputs = await expectNothingChanged();
    await tell('messages to a window of its own', inputs, { slowestMs: Math.round(watch.slowest) });
  });
});
