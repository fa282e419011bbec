import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define.js';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { part, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

/** What stands in a slot of the element right now, and is shown. */
const slotted = (element: SautikitCallButton, name: string): string | undefined => {
  const slot = element.shadowRoot!.querySelector<HTMLSlotElement>(name ? `slot[name=${name}]` : 'slot:not([name])');
  if (!slot || getComputedStyle(slot).display === 'none') return undefined;
  return slot
    .assignedNodes()
    .map((node) => node.textContent)
    .join('')
    .trim();
};

const filled = (line: string) =>
  fixture<SautikitCallButton>(
    html`<sautikit-call-button token-url="/api/sip-token" line=${line}>
      Ring the shop
      <i slot="icon">*</i>
      <p slot="consent">We record calls.</p>
      <p slot="fallback">Call +254 700 000 000</p>
      <a slot="text-alternative" href="#chat">Chat</a>
      <a slot="callback" href="#callback">Call me back</a>
    </sautikit-call-button>`,
  );

describe('the slots', () => {
  it('take label, icon and text alternative, which goes when a call begins', async () => {
    const desk = await Desk.open();
    const element = await filled('sales');
    expect(slotted(element, '')).to.contain('Ring the shop');
    expect(slotted(element, 'icon')).to.equal('*');
    expect(slotted(element, 'text-alternative')).to.equal('Chat');
    expect(slotted(element, 'fallback'), 'only where calling is impossible').to.equal(undefined);
    void element.call();
    await state(element, 'active');
    await element.updateComplete;
    expect(slotted(element, 'text-alternative')).to.equal(undefined);
    expect(slotted(element, 'callback')).to.equal(undefined);
    await element.hangup();
    await desk.close();
  });

  it('offer a call back where nobody answers', async () => {
    const element = await filled('nobody');
    expect(await element.call()).to.include({ code: 'no-answer' });
    await until(() => slotted(element, 'callback') === 'Call me back', 'the slot shows');
  });

  it('show what the visitor agrees to, before the second press', async () => {
    const element = await filled('nobody');
    element.setAttribute('require-consent', '');
    part(element, 'button')!.click();
    await element.updateComplete;
    expect(slotted(element, 'consent')).to.equal('We record calls.');
    part(element, 'button')!.click();
    await state(element, 'failed');
    await element.updateComplete;
    expect(slotted(element, 'consent')).to.equal(undefined);
  });
});
