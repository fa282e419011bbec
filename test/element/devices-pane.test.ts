import { aTimeout, expect } from '@open-wc/testing';
import { deviceChoice } from '../../src/media/device-choice.js';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { button, press, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

const within = <T extends HTMLElement>(element: SautikitCallButton, selector: string) =>
  element.shadowRoot!.querySelector<T>(selector);

/** Opens the sound settings, once they can be opened. */
async function openDevices(element: SautikitCallButton): Promise<void> {
  await until(() => within(element, '#devices-toggle:not([aria-disabled])'), 'sound settings');
  within(element, '#devices-toggle')!.click();
  await until(() => within(element, 'select[name=microphone]'), 'choice of microphones');
}

function choose(element: SautikitCallButton, kind: 'microphone' | 'speaker', index: number): string {
  const select = within<HTMLSelectElement>(element, `select[name=${kind}]`)!;
  select.selectedIndex = index;
  select.dispatchEvent(new Event('change'));
  return select.value;
}

describe('the sound settings', () => {
  let desk: Desk;
  beforeEach(async () => (desk = await Desk.open()));
  afterEach(async () => {
    await desk.close();
    deviceChoice.choose('microphone', undefined, true);
    deviceChoice.choose('speaker', undefined, true);
  });

  it('change the microphone of a call, and are kept for the next one, in memory only', async () => {
    const element = await button();
    void element.call();
    await state(element, 'active');
    await openDevices(element);
    const id = choose(element, 'microphone', 1);
    await until(() => deviceChoice.microphone === id, 'the choice');
    expect(id).not.to.equal('');
    expect(element.callState).to.equal('active');
    expect(localStorage.getItem('sautikit-devices')).to.equal(null);
    await element.hangup();
    void element.call();
    await state(element, 'active');
    await openDevices(element);
    expect(within<HTMLSelectElement>(element, 'select[name=microphone]')!.value).to.equal(id);
    await element.hangup();
  });

  it('are stored with remember-devices, and only once the caller has chosen', async () => {
    const element = await button({ 'remember-devices': '' });
    void element.call();
    await state(element, 'active');
    await openDevices(element);
    expect(localStorage.getItem('sautikit-devices')).to.equal(null);
    const id = choose(element, 'microphone', 1);
    await until(() => localStorage.getItem('sautikit-devices'), 'a word in storage');
    expect(JSON.parse(localStorage.getItem('sautikit-devices')!)).to.deep.equal({ microphone: id });
    await element.hangup();
  });

  it('are there after a call too, with a test that records, plays back and gives the microphone back', async () => {
    const element = await button();
    void element.call();
    await state(element, 'active');
    await element.hangup();
    await openDevices(element);
    const test = within(element, '.test')!;
    const idle = test.textContent;
    test.click();
    await until(() => within(element, '.test.recording'), 'recording');
    await until(() => !within(element, '.test.recording'), 'its end');
    await until(() => within(element, '.test')!.textContent === idle, 'the end of the test');
    expect(element.callState).to.equal('ended');
  });

  it('are left out with no-devices', async () => {
    const element = await button({ 'no-devices': '' });
    void element.call();
    await state(element, 'active');
    await aTimeout(100);
    expect(within(element, '#devices-toggle')).to.equal(null);
    await element.hangup();
  });

  it('close with the panel, and leave nothing running', async () => {
    const element = await button();
    void element.call();
    await state(element, 'active');
    await openDevices(element);
    element.close();
    await element.hangup();
    press(element);
    await state(element, 'active');
    expect(within(element, 'select[name=microphone]')).to.equal(null);
    await element.hangup();
  });
});
