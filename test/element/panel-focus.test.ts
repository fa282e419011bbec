import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { FaceName } from '../../demo/pages/faces.js';
import { CallPanel, type PanelPort } from '../../src/element/panel/call-panel.js';
import { newPanelModel, type PanelActions, type PanelModel } from '../../src/element/panel/panel-model.js';
import { messages } from '../../src/i18n/locales/en.js';
import { Words } from '../../src/i18n/words.js';
import { html, nothing } from 'lit';
import { button, part, until } from './support/button.js';
import { face } from './support/faces.js';

/** A panel of a button, that does what its own controls ask for as far as they are about itself. */
async function panelOf(attributes: Record<string, string> = {}) {
  const element = await button({ preload: 'none', ...attributes });
  const words = new Words('en', messages);
  const actions = { close: () => panel.close() } as PanelActions;
  const port: PanelPort = { element, lit: { html, nothing }, show: (drawn) => (element._panel = drawn) };
  const panel = new CallPanel(port, () => words, actions);
  const model = (change: Partial<PanelModel>): PanelModel => ({ ...newPanelModel(), ...change });
  const focused = () => element.shadowRoot!.activeElement;
  return { element, panel, model, focused };
}

describe('the focus', () => {
  it("goes to the heading after the caller's own press, comes back by Escape, and the call goes on", async () => {
    const { element, panel, model, focused } = await panelOf();
    part(element, 'button')!.focus();
    panel.open(model({ state: 'active' }));
    await until(() => focused() === part(element, 'status'), 'the heading has the focus');
    await sendKeys({ press: 'Escape' });
    await until(() => focused() === part(element, 'button'), 'the button has the focus');
    expect(part(element, 'panel')).to.equal(null);
  });

  it('stays where it is when a call begins by itself', async () => {
    const { element, panel, model, focused } = await panelOf();
    const field = document.body.appendChild(document.createElement('input'));
    field.focus();
    panel.open(model({ state: 'ringing' }));
    await until(() => part(element, 'panel'), 'the panel shows');
    await element.updateComplete;
    expect(document.activeElement).to.equal(field);
    panel.close();
    await element.updateComplete;
    expect(document.activeElement).to.equal(field);
    expect(focused()).to.equal(null);
    field.remove();
  });

  it('goes to the heading when the control that had it is gone, never onto another control', async () => {
    const { element, panel, model, focused } = await panelOf();
    panel.open(model({ state: 'active' }));
    await until(() => part(element, 'hangup'), 'the panel shows');
    part(element, 'hangup')!.focus();
    panel.update(model({ state: 'ended', seconds: 4 }));
    await until(() => focused() === part(element, 'status'), 'the heading has the focus');
    expect(part(element, 'status')!.innerText).to.equal('Call ended');
    panel.close();
  });

  it('stays on a control whose state changes', async () => {
    const { element, panel, model, focused } = await panelOf();
    panel.open(model({ state: 'active' }));
    await until(() => part(element, 'mute'), 'the panel shows');
    part(element, 'mute')!.focus();
    panel.update(model({ state: 'active', muted: true }));
    await element.updateComplete;
    expect(focused()).to.equal(part(element, 'mute'));
    panel.close();
  });
});

describe('Escape', () => {
  it('puts the panel aside from the button too, hangs up nowhere, and closes nothing else', async () => {
    for (const where of ['button', 'status', 'hangup'] as const) {
      const { element, asked } = await face('active');
      let heard = 0;
      const listener = () => heard++;
      document.addEventListener('keydown', listener);
      part(element, where)!.focus();
      await sendKeys({ press: 'Escape' });
      document.removeEventListener('keydown', listener);
      expect(asked).to.deep.equal(['close']);
      expect(heard, 'a page may close its own dialog by the same key').to.equal(0);
    }
  });

  it('means nothing to a panel in the flow', async () => {
    const { element, asked } = await face('inline-active');
    part(element, 'mute')!.focus();
    await sendKeys({ press: 'Escape' });
    expect(asked).to.deep.equal([]);
  });
});

describe('the order of Tab', () => {
  const order = async (name: FaceName): Promise<string[]> => {
    const { element } = await face(name);
    part(element, 'status')!.focus();
    const seen: string[] = [];
    let last: Element | undefined;
    for (let step = 0; step < 6; step++) {
      await sendKeys({ press: 'Tab' });
      const at = element.shadowRoot!.activeElement as HTMLButtonElement | null;
      if (!at || at === part(element, 'button') || at === last) break;
      last = at;
      seen.push(at.ariaLabel || at.labels[0]?.innerText || at.innerText);
    }
    return seen;
  };

  it('goes from the heading through the panel, hang-up last', async () => {
    expect(await order('active')).to.deep.equal(['Hide', 'Mute', 'Keypad', 'Sound', 'Hang up']);
    expect(await order('ended')).to.deep.equal(['Hide', 'Call again']);
  });
});
