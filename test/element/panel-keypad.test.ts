import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { part } from './support/button.js';
import { face } from './support/faces.js';

const keys = (panel: HTMLElement) => [...panel.querySelectorAll<HTMLButtonElement>('[part~=key]')];

describe('the keypad', () => {
  it('has the keys of a telephone, with names, and sends each', async () => {
    const { element, panel, asked } = await face('keypad');
    for (const key of keys(panel)) key.click();
    expect(asked).to.deep.equal('123456789*0#'.split('').map((key) => `sendDigit ${key}`));
    expect(keys(panel).map((key) => key.ariaLabel)).to.deep.equal([...'123456789', 'Star', '0', 'Hash']);
    expect(panel.querySelector('output')!.textContent).to.equal('2074#');
    expect(part(element, 'keypad')!.ariaLabel).to.equal('Keypad');
  });

  it('takes typed digits, wherever the focus is in panel or button', async () => {
    const { element, panel, asked } = await face('keypad');
    part(element, 'mute')!.focus();
    await sendKeys({ type: '12*#' });
    part(element, 'button')!.focus();
    await sendKeys({ press: '9' });
    keys(panel)[0]!.focus();
    await sendKeys({ press: '0' });
    expect(asked).to.deep.equal(['1', '2', '*', '#', '9', '0'].map((key) => `sendDigit ${key}`));
  });

  it('opens when a digit is typed, so that one sees what is sent', async () => {
    const { element, asked } = await face('active');
    part(element, 'mute')!.focus();
    await sendKeys({ press: '5' });
    expect(asked).to.deep.equal(['togglePane keypad', 'sendDigit 5']);
  });

  it('leaves alone what is typed with a control key, into a choice, before the answer, and with `no-keypad`', async () => {
    const { panel, asked } = await face('devices');
    const select = panel.querySelector('select')!;
    select.focus();
    select.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, composed: true }));
    panel.dispatchEvent(new KeyboardEvent('keydown', { key: '1', ctrlKey: true, bubbles: true, composed: true }));
    const ringing = await face('ringing');
    ringing.panel.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, composed: true }));
    const without = await face('active', { 'no-keypad': '' });
    without.panel.dispatchEvent(new KeyboardEvent('keydown', { key: '1', bubbles: true, composed: true }));
    expect([...asked, ...ringing.asked, ...without.asked]).to.deep.equal([]);
  });

  it('goes from key to key by arrows, and not round the corner', async () => {
    const { element, panel } = await face('keypad');
    const focused = () => element.shadowRoot!.activeElement!.textContent!.trim();
    keys(panel)[0]!.focus();
    await sendKeys({ press: 'ArrowRight' });
    await sendKeys({ press: 'ArrowDown' });
    expect(focused()).to.equal('5');
    await sendKeys({ press: 'ArrowUp' });
    await sendKeys({ press: 'ArrowLeft' });
    await sendKeys({ press: 'ArrowLeft' });
    await sendKeys({ press: 'ArrowUp' });
    expect(focused()).to.equal('1');
    await sendKeys({ press: 'ArrowRight' });
    await sendKeys({ press: 'ArrowRight' });
    await sendKeys({ press: 'ArrowRight' });
    expect(focused()).to.equal('3');
  });

  it('says before the answer that it waits, can be focused, and does nothing', async () => {
    const { element, panel, asked } = await face('ringing');
    const toggle = panel.querySelector<HTMLButtonElement>('#keypad-toggle')!;
    expect(toggle.getAttribute('aria-disabled')).to.equal('true');
    expect(panel.querySelector(`#${toggle.getAttribute('aria-describedby')}`)!.textContent).to.contain('answered');
    toggle.focus();
    expect(element.shadowRoot!.activeElement).to.equal(toggle);
    toggle.click();
    expect(asked).to.deep.equal([]);
  });
});
