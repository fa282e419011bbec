import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html, nothing } from 'lit';
import { CallPanel, type PanelPort } from '../../src/element/panel/call-panel.js';
import { newPanelModel, type PanelActions, type PanelModel } from '../../src/element/panel/panel-model.js';
import { messages } from '../../src/i18n/locales/en.js';
import { Words } from '../../src/i18n/words.js';
import { button, until } from './support/button.js';

const model = (change: Partial<PanelModel> = {}): PanelModel => ({ ...newPanelModel(), state: 'active', ...change });

/** What the page does: a dialog of its own, with a button that has the focus. */
function dialogIn(parent: Node): HTMLDialogElement {
  const dialog = parent.appendChild(document.createElement('dialog'));
  dialog.innerHTML = '<p>Cookies?</p><button>Yes</button>';
  return dialog;
}

const barIn = (dialog: Element): ShadowRoot | null | undefined =>
  dialog.querySelector('[data-sautikit=bar]')?.shadowRoot;

describe('a modal dialog of the page over a call', () => {
  let panel: CallPanel;
  let asked: string[];
  let dialog: HTMLDialogElement;

  beforeEach(async () => {
    asked = [];
    const element = await button({ preload: 'none', style: '--sautikit-danger: rgb(1, 2, 3)' });
    const words = new Words('en', messages);
    const actions = {
      hangup: () => void asked.push('hangup'),
      toggleMute: () => void asked.push('toggleMute'),
    } as PanelActions;
    const port: PanelPort = { element, lit: { html, nothing }, show: (drawn) => (element._panel = drawn) };
    panel = new CallPanel(port, () => words, actions);
    dialog = dialogIn(document.body);
  });

  afterEach(() => {
    panel.update(model({ state: 'ended' }));
    panel.close();
    dialog.remove();
  });

  const bar = () => barIn(dialog);
  const comes = () => until(bar, 'the bar is in the dialog');
  const goes = () => until(() => !bar(), 'the bar is gone');

  it('gets hang-up and mute, with names, that can be pressed by mouse and keyboard', async () => {
    panel.open(model());
    dialog.showModal();
    await comes();
    const [mute, hangup] = [...bar()!.querySelectorAll('button')] as [HTMLButtonElement, HTMLButtonElement];
    expect([mute.ariaLabel, hangup.ariaLabel]).to.deep.equal(['Mute', 'Hang up']);
    expect(bar()!.querySelector('[role=group]')!.textContent).to.contain('Connected');
    const { left, top, width, height } = hangup.getBoundingClientRect();
    const hit = bar()!.elementFromPoint(left + width / 2, top + height / 2);
    expect(hit?.closest('button'), 'nothing lies over it').to.equal(hangup);
    hangup.click();
    mute.focus();
    expect(bar()!.activeElement, 'it is not inert').to.equal(mute);
    await sendKeys({ press: 'Enter' });
    expect(asked).to.deep.equal(['hangup', 'toggleMute']);
  });

  it('gets it also while the panel is put aside, and follows what happens', async () => {
    panel.open(model());
    panel.close();
    dialog.showModal();
    await comes();
    panel.update(model({ muted: true, reconnecting: true }));
    expect(bar()!.querySelector('.mute')!.ariaPressed).to.equal('true');
    expect(bar()!.textContent).to.contain('Connection lost');
    expect(getComputedStyle(bar()!.querySelector('.hangup')!).backgroundColor).to.equal('rgb(1, 2, 3)');
  });

  it('loses it when it closes, and when the call ends', async () => {
    panel.open(model());
    dialog.showModal();
    await comes();
    dialog.close();
    await goes();
    dialog.showModal();
    await comes();
    panel.update(model({ state: 'ended' }));
    await goes();
    dialog.close();
    dialog.showModal();
    await new Promise((resolve) => setTimeout(resolve));
    expect(bar(), 'nobody watches any more').to.be.not.ok;
  });

  it('that was open before the call gets it too; one that is not modal never does', async () => {
    const open = dialogIn(document.body);
    open.show();
    dialog.showModal();
    panel.open(model({ state: 'ringing' }));
    await comes();
    expect(barIn(open)).to.be.not.ok;
    open.remove();
  });

  it('over another one has it, until it closes', async () => {
    panel.open(model());
    dialog.showModal();
    await comes();
    const upper = dialogIn(document.body);
    upper.showModal();
    await until(() => barIn(upper) && !bar(), 'the bar is in the upper one');
    upper.close();
    await comes();
    upper.remove();
  });

  it('in the shadow root of another component has it', async () => {
    const host = document.body.appendChild(document.createElement('div'));
    const hidden = dialogIn(host.attachShadow({ mode: 'open' }));
    panel.open(model());
    hidden.showModal();
    await until(() => barIn(hidden), 'the bar is in it');
    hidden.close();
    await until(() => !barIn(hidden), 'the bar is gone');
    host.remove();
  });

  it('that the button itself stands in has none, since nothing is inert there', async () => {
    const element = await button({ preload: 'none' });
    dialog.append(element);
    const words = new Words('en', messages);
    const port: PanelPort = { element, lit: { html, nothing }, show: (drawn) => (element._panel = drawn) };
    const inside = new CallPanel(port, () => words, {} as PanelActions);
    dialog.showModal();
    inside.open(model());
    await new Promise((resolve) => setTimeout(resolve));
    expect(bar()).to.be.not.ok;
    inside.update(model({ state: 'ended' }));
    inside.close();
  });

  it('leaves nothing behind in the page', async () => {
    const before = dialog.innerHTML;
    panel.open(model());
    dialog.showModal();
    await comes();
    panel.update(model({ state: 'failed', error: 'connection-lost' }));
    expect(dialog.innerHTML).to.equal(before);
  });
});
