import { expect } from '@open-wc/testing';
import { showFace } from '../../demo/pages/faces.js';
import { face } from './support/faces.js';

const selects = (panel: HTMLElement) => [...panel.querySelectorAll<HTMLSelectElement>('select[part~=device]')];
const names = (select: HTMLSelectElement) => [...select.options].map((option) => option.text);

describe('the sound settings', () => {
  it('let microphone and speaker be chosen by name', async () => {
    const { panel, asked } = await face('devices');
    const [microphone, speaker] = selects(panel);
    expect([microphone, speaker].map((select) => select!.labels[0]!.innerText.split('\n')[0])).to.deep.equal([
      'Microphone',
      'Speaker',
    ]);
    expect(names(microphone!)).to.deep.equal([
      'System default',
      'Built-in microphone',
      'Jabra Evolve2 30 (USB headset)',
      'Device 3',
    ]);
    expect(microphone!.value, 'what is in use').to.equal('headset');
    expect(speaker!.value, 'the choice of the system').to.equal('');
    for (const [select, value] of [
      [microphone!, 'built-in'],
      [speaker!, 'headset'],
      [microphone!, ''],
    ] as const) {
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    expect(asked).to.deep.equal(['chooseMicrophone built-in', 'chooseSpeaker headset', 'chooseMicrophone']);
  });

  it('leave the speaker out where the browser cannot choose one', async () => {
    const { panel } = await face('devices-without-speakers');
    expect(selects(panel).map(({ name }) => name)).to.deep.equal(['microphone']);
  });

  it('show how loud the microphone is, without a word', async () => {
    const { panel } = await face('devices');
    const meter = panel.querySelector<HTMLElement>('[role=meter]')!;
    expect(meter.ariaLabel).to.equal('Microphone level');
    expect(meter.getAttribute('aria-valuenow')).to.equal('60');
    expect(meter.closest('[aria-live]')).to.equal(null);
    // On the meter, so that nothing else is styled anew; and in steps, so that nothing is drawn between them.
    expect(meter.style.getPropertyValue('--_level')).to.equal('0.60');
    expect(panel.style.getPropertyValue('--_level')).to.equal('');
    expect(getComputedStyle(meter, '::before').transitionDuration).to.equal('0s');
  });

  it('test the microphone, and say what goes on', async () => {
    const { element, panel, asked } = await face('devices');
    const says = () => element.shadowRoot!.querySelector<HTMLElement>('.test')!.innerText.trim();
    expect(says()).to.equal('Test the microphone');
    panel.querySelector<HTMLElement>('.test')!.click();
    expect(asked).to.deep.equal(['testMicrophone']);
    await showFace(element, 'microphone-test');
    expect(says()).to.equal('Speak now…');
    await showFace(element, 'microphone-test-playing');
    expect(says()).to.equal('Playing it back…');
  });

  it('are left out with `no-devices`', async () => {
    const { panel } = await face('devices', { 'no-devices': '' });
    expect(panel.querySelector('select, #devices-toggle')).to.equal(null);
    expect(panel.querySelector('#keypad-toggle')).to.exist;
  });
});
