import { expect } from '@open-wc/testing';
import fc, { type Arbitrary } from 'fast-check';
import { watchCalls } from '../../../src/analytics/analytics.js';
import type { SautikitCallButton } from '../../../src/element/call-button.js';
import { button, state } from '../../element/support/button.js';
import { Desk } from '../../element/support/desk.js';
import { TEXTS } from '../support/hostile.js';
import { anyJson } from '../support/json.js';
import { imposePolicy, intruders } from '../support/page-policy.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-page.js';
import { Watch } from '../support/watch.js';

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
  fc.constantFrom('setImmediate$0.1$1', 'webpackHotUpdate', '{"type":"call"}', '[object Object]', 'call', 'hangup'),
);

type Message = { as: 'message' | 'forged' | 'storage' | 'frame'; data: unknown; name: string };
const message: Arbitrary<Message> = fc.record({
  as: fc.constantFrom('message', 'message', 'frame', 'forged', 'storage'),
  data,
  name: fc.constantFrom(...OWN),
});

/** Has been handled, and what was handled has had its turn. */
const handled = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });

describe('messages and events that others send in the page', function () {
  this.timeout(patience * 2);
  this.retries(0);
  let watch: Watch;
  let element: SautikitCallButton;
  let desk: Desk;
  let frame: HTMLIFrameElement;
  let stop: () => void;
  const records: unknown[] = [];

  before(async () => {
    desk = await Desk.open();
    element = await button({ debug: '' });
    frame = document.createElement('iframe');
    document.body.append(frame);
    stop = watchCalls({ to: [(record) => records.push(record)], consent: () => true });
    watch = new Watch();
  });
  after(async () => {
    watch.stop();
    stop();
    frame.remove();
    await desk.close();
  });

  it('change nothing in a call, and the button is as it was', async () => {
    const violated = imposePolicy();
    void element.call();
    await state(element, 'active');
    const { callId } = element;
    const drawn = element.shadowRoot!.querySelector('[part~=status]')!.textContent;
    let inputs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 10, maxLength: 40, size: 'max' }), async (messages) => {
        for (const { as, data, name } of messages) {
          inputs++;
          watch.timed(() => {
            if (as === 'message') postMessage(data, '*');
            else if (as === 'frame') frame.contentWindow!.postMessage(data, '*');
            else if (as === 'storage')
              dispatchEvent(new StorageEvent('storage', { key: name, newValue: JSON.stringify(data) }));
            else document.dispatchEvent(new CustomEvent(`sautikit-${name}`, { detail: data }));
          });
        }
        await handled();
        expect(element.callState).to.equal('active');
        expect(element.callId).to.equal(callId);
        expect(element.muted).to.be.false;
        expect(element.shadowRoot!.querySelector('[part~=status]')!.textContent).to.equal(drawn);
        expect(intruders(element.shadowRoot!)).to.be.empty;
        expect(violated).to.be.empty;
        watch.check(['secret-forged']);
        records.length = 0;
      }),
      parameters(40),
    );
    await element.hangup();
    expect(element.callState).to.equal('ended');
    await tell('messages', inputs, { slowestMs: Math.round(watch.slowest) });
  });
});
