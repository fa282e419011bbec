import { expect } from '@open-wc/testing';
import { FACES, type Face, type FaceName } from '../../demo/pages/faces.js';
import { part } from './support/button.js';
import { face } from './support/faces.js';

const text = (panel: HTMLElement, selector: string) => panel.querySelector<HTMLElement>(selector)?.innerText.trim();
const message = (panel: HTMLElement) => text(panel, '.message');

describe('the faces of the panel', () => {
  const shown = (Object.keys(FACES) as FaceName[]).filter((name) => (FACES[name] as Face).model);

  for (const name of shown) {
    it(`${name} says what is going on, under a heading, and everything that can be pressed has a name`, async () => {
      const { element, panel } = await face(name);
      expect(part(element, 'status')!.innerText.trim()).not.to.equal('');
      expect(panel.getAttribute('aria-labelledby')).to.equal(part(element, 'status')!.id);
      expect(panel.querySelectorAll('h2')).to.have.length(1);
      for (const control of panel.querySelectorAll('button')) {
        const named = control.ariaLabel || control.innerText.trim() || control.labels[0]?.innerText.trim();
        expect(named, control.outerHTML).to.be.a('string').and.not.equal('');
      }
      expect(panel.innerText, 'nothing unfilled').not.to.match(/\{\w+\}|undefined|NaN/);
    });
  }

  it('a failure says what to do', async () => {
    for (const name of shown.filter((candidate) => candidate.startsWith('failed-'))) {
      const { panel } = await face(name);
      expect(message(panel), name).not.to.equal('');
      expect(text(panel, '.again + label'), name).to.equal('Call again');
    }
  });

  it('ended says how long, and calls again', async () => {
    const { panel, asked } = await face('ended');
    expect(message(panel)).to.equal('It lasted 2:05.');
    panel.querySelector<HTMLElement>('.again')!.click();
    expect(asked).to.deep.equal(['callAgain']);
    expect(message((await face('cancelled')).panel)).to.equal('');
  });

  it('the primer for the microphone stands only where the browser asks', async () => {
    expect(message((await face('preparing-prompt')).panel)).to.contain('for this call only');
    expect(message((await face('preparing')).panel)).not.to.contain('for this call only');
  });

  it('closed says when we open, and offers the slot `callback`', async () => {
    const { panel } = await face('closed');
    expect(message(panel)).to.match(/^We open Monday/);
    expect(panel.querySelector<HTMLSlotElement>('slot[name=callback]')!.assignedElements()).to.have.length(1);
  });

  it('notices stand where the caller looks, the urgent ones first', async () => {
    expect(message((await face('not-heard')).panel)).to.contain('We cannot hear you');
    expect(message((await face('speaking-muted')).panel)).to.contain('nobody hears you');
    expect(message((await face('device-changed')).panel)).to.equal('The sound device has changed');
    expect(message((await face('near-the-end')).panel)).to.equal('30 seconds left');
    expect(message((await face('muted')).panel)).to.equal('You are muted');
  });

  it('the quality of the network is a picture with a name', async () => {
    for (const [name, says] of [
      ['quality-good', 'Good connection'],
      ['quality-fair', 'Fair connection'],
      ['quality-poor', 'Poor connection'],
    ] as const) {
      const { panel } = await face(name);
      const bars = panel.querySelector('.bars')!;
      expect([bars.role, bars.ariaLabel]).to.deep.equal(['img', says]);
    }
    expect(message((await face('quality-poor')).panel)).to.equal('Poor connection');
    expect((await face('ringing')).panel.querySelector('.bars')).to.equal(null);
  });

  it('sound that the browser holds back is brought by a press', async () => {
    const { panel, asked } = await face('audio-blocked');
    panel.querySelector<HTMLElement>('.hear')!.click();
    expect(asked).to.deep.equal(['hear']);
  });

  it('ways out are steps, another browser, a link to copy, and a code for the phone', async () => {
    const steps = await face('failed-mic-denied-firefox');
    expect(text(steps.panel, '.steps')).to.contain('crossed-out microphone');

    const inApp = await face('in-app-browser');
    const away = inApp.panel.querySelector<HTMLAnchorElement>('a.elsewhere')!;
    expect(away.href).to.contain('in-browser');
    expect(away.innerText.trim()).to.equal('Open in your browser');
    expect(text(inApp.panel, '.address')).to.equal('shop.example/contact');
    inApp.panel.querySelector<HTMLElement>('.copy')!.click();
    expect(inApp.asked).to.deep.equal(['copyLink']);
    expect(text((await face('in-app-browser-copied')).panel, '.copy')).to.equal('Copied');

    const { panel } = await face('failed-mic-missing-code');
    const code = panel.querySelector('.code svg')!;
    expect([code.role, code.ariaLabel]).to.deep.equal(['img', 'Scan to call from your phone']);
    expect(code.querySelector('path')!.getAttribute('d')).to.match(/^M\d/);
    expect(getComputedStyle(code).backgroundColor, 'light in every theme').to.equal('rgb(255, 255, 255)');
  });

  it('a window of its own is offered before and after a call; during it only the reason stays', async () => {
    for (const name of ['preparing-own-window', 'ended-own-window'] as const) {
      const { panel, asked } = await face(name);
      panel.querySelector<HTMLElement>('.own-window')!.click();
      expect(asked).to.deep.equal(['ownWindow']);
    }
    const { panel } = await face('own-window-active');
    expect(text(panel, '.offer')).to.equal('Links on this page end the call.');
  });

  it('attributes leave mute, keypad and sound out', async () => {
    const { element, panel } = await face('bare');
    expect(part(element, 'mute')).to.equal(null);
    expect(panel.querySelector('#keypad-toggle, #devices-toggle')).to.equal(null);
    expect(part(element, 'hangup')).to.exist;
  });

  it('mute keeps its name and says whether it is pressed; the timer says nothing by itself', async () => {
    for (const [name, pressed] of [
      ['active', 'false'],
      ['muted', 'true'],
    ] as const) {
      const { element } = await face(name);
      const mute = part<HTMLButtonElement>(element, 'mute')!;
      expect(mute.labels[0]!.innerText).to.equal('Mute');
      expect(mute.ariaPressed).to.equal(pressed);
      expect(part(element, 'timer')!.ariaLive).to.equal('off');
    }
  });
});
