import { expect, fixture, html } from '@open-wc/testing';
import { SautikitCallButton } from '../../src/element/call-button.js';
import { listen, until } from './support/button.js';

/** A definition of its own for each test, since a name can be defined once. */
let defined = 0;
const define = (name: string) => customElements.define(name, class extends SautikitCallButton {});
const newName = () => `sautikit-upgrade-${++defined}`;

describe('an element that stands in the page before its script', () => {
  // Looked for once in a page, when the first button is drawn: so this is the first test.
  it('hears a press that the browser kept from before', async () => {
    const name = newName();
    const events = listen();
    const container = await fixture<HTMLElement>(html`<div></div>`);
    container.innerHTML = `<${name}>Call us</${name}>`;
    const element = container.firstElementChild as SautikitCallButton;
    element.addEventListener('sautikit-before-call', (event) => event.preventDefault());

    // The runner's page gets no trusted input, so the browser's record of one is put in its place; the journey tests
    // press for real.
    const observer = globalThis.PerformanceObserver;
    const entry = { name: 'pointerdown', startTime: performance.now() - 50, target: element };
    class RecordedInput {
      constructor(readonly callback: PerformanceObserverCallback) {}
      observe() {
        queueMicrotask(() => this.callback({ getEntries: () => [entry] } as never, this as never));
      }
      disconnect() {}
    }
    globalThis.PerformanceObserver = RecordedInput as unknown as typeof PerformanceObserver;
    try {
      define(name);
      await until(() => events.named('before-call').length > 0, 'the press became a call');
    } finally {
      globalThis.PerformanceObserver = observer;
    }
    expect(events.named('before-call')).to.have.length(1);
    events.stop();
  });

  it('keeps attributes, properties and label when it is upgraded', async () => {
    const name = newName();
    const container = await fixture<HTMLElement>(html`<div></div>`);
    container.innerHTML = `<${name} token-url="/api/sip-token" line="sales">Call us</${name}>`;
    const element = container.firstElementChild as SautikitCallButton;
    element.tokenProvider = () => Promise.reject(new Error('not asked'));
    element.line = 'support';
    define(name);
    await element.updateComplete;
    expect(element.tokenUrl).to.equal('/api/sip-token');
    expect(element.line).to.equal('support');
    expect(element.tokenProvider).to.be.a('function');
    expect(element.textContent).to.equal('Call us');
    expect(element.callState).to.equal('idle');
  });

  it('is an element of its class when it is made after the definition', async () => {
    const name = newName();
    define(name);
    const element = document.createElement(name) as SautikitCallButton;
    document.body.append(element);
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector('button')).to.exist;
    element.remove();
  });
});
