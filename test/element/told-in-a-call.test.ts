import { aTimeout, expect } from '@open-wc/testing';
import { contextsRun, makeStream, type MadeStream } from '../unit/support/streams.js';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { button, part, state, until } from './support/button.js';
import { Desk } from './support/desk.js';

const shown = (element: SautikitCallButton) => part(element, 'panel')?.textContent ?? '';
const heard = (element: SautikitCallButton) => element.shadowRoot!.querySelector('[role=status]')!.textContent!.trim();

describe('what a caller is told in a call', () => {
  let runs: boolean;
  let desk: Desk;
  let made: MadeStream | undefined;
  const { mediaDevices } = navigator;

  /** A microphone that the test makes, for the browser’s own. */
  const speakWith = (volume: number): MadeStream => {
    made = makeStream(volume);
    const { stream } = made;
    mediaDevices.getUserMedia = async () => stream.clone();
    return made;
  };

  const talk = async (attributes: Record<string, string> = {}): Promise<SautikitCallButton> => {
    const element = await button({ lang: 'en', ...attributes });
    void element.call();
    await state(element, 'active');
    return element;
  };

  before(async () => (runs = await contextsRun()));
  beforeEach(async () => (desk = await Desk.open()));
  afterEach(async () => {
    await desk.close();
    await made?.close();
    made = undefined;
    Reflect.deleteProperty(mediaDevices, 'getUserMedia');
  });

  it('is that nobody hears a microphone without a sound, until there is one', async () => {
    const microphone = speakWith(0);
    const element = await talk();
    if (runs) {
      await until(() => shown(element).includes('cannot hear you'), 'the notice');
      expect(heard(element)).to.contain('cannot hear you');
      microphone.volume = 0.3;
      await until(() => !shown(element).includes('cannot hear you'), 'its end');
    } else {
      await aTimeout(5_000);
      expect(shown(element), 'a context that stands still tells nothing').not.to.contain('cannot hear you');
    }
    await element.hangup();
  });

  it('is that somebody speaks while muted, until the microphone is on again', async () => {
    speakWith(0.3);
    const element = await talk();
    element.muted = true;
    if (runs) {
      await until(() => shown(element).includes('nobody hears you'), 'the notice');
      expect(heard(element)).to.contain('nobody hears you');
    }
    element.muted = false;
    await element.updateComplete;
    expect(shown(element)).not.to.contain('nobody hears you');
    await element.hangup();
  });

  it('is that the network is poor, with one event', async () => {
    // The fake: real statistics, but for the loss, which no test can bring about on loopback.
    const { getStats } = RTCPeerConnection.prototype;
    let lost = 0;
    RTCPeerConnection.prototype.getStats = async function (this: RTCPeerConnection) {
      const report = await getStats.call(this);
      const entries = [...report.entries()] as [string, { type: string }][];
      const bad = (stat: { type: string }) =>
        stat.type === 'inbound-rtp' ? { ...stat, packetsLost: (lost += 50) } : stat;
      return new Map(entries.map(([id, stat]) => [id, bad(stat)])) as unknown as RTCStatsReport;
    };
    const told: CustomEvent[] = [];
    const listener = (event: Event) => told.push(event as CustomEvent);
    document.addEventListener('sautikit-quality-change', listener);
    try {
      const element = await talk();
      await until(() => told.length === 1, 'the event');
      const { callId } = element;
      expect(told[0]!.detail).to.have.all.keys('callId', 'line', 'level', 'mos');
      expect(told[0]!.detail).to.include({ callId, line: 'sales', level: 'poor' });
      await until(() => shown(element).includes('Poor connection'), 'the words');
      expect(heard(element)).to.equal('Poor connection');
      await element.hangup();
    } finally {
      RTCPeerConnection.prototype.getStats = getStats;
      document.removeEventListener('sautikit-quality-change', listener);
    }
  });

  it('is said in the owner’s own words, by attribute or property', async () => {
    const element = await talk({ messages: '{"hangup":"Finish","active":"You are through"}' });
    await until(() => shown(element).includes('You are through'), 'the status');
    expect(shown(element)).to.contain('Finish').and.not.to.contain('Hang up');
    await element.hangup();
    element.messages = { callAgain: 'Once more' };
    void element.call();
    await state(element, 'active');
    await element.hangup();
    await until(() => shown(element).includes('Once more'), 'the button');
  });

  it('is said in the language of the element', async () => {
    const element = await talk({ lang: 'sw' });
    await until(() => part(element, 'panel')?.lang === 'sw', 'Swahili');
    expect(shown(element)).not.to.contain('Connected');
    await element.hangup();
  });
});

describe('the tones of a call', () => {
  const { OscillatorNode } = globalThis;
  let begun: number;
  beforeEach(() => {
    begun = 0;
    globalThis.OscillatorNode = class extends OscillatorNode {
      override start(): void {
        begun++;
        super.start();
      }
    };
  });
  afterEach(() => Object.assign(globalThis, { OscillatorNode }));

  for (const [what, attributes, tones] of [
    ['ring where the network lets nothing be heard', {}, 1],
    ['are left out with no-sounds', { 'no-sounds': '' }, 0],
  ] as const) {
    it(what, async () => {
      const desk = await Desk.open(() => {});
      const made = begun;
      const element = await button(attributes);
      void element.call();
      await state(element, 'ringing');
      await aTimeout(300);
      expect(begun - made).to.equal(tones);
      await element.hangup();
      await desk.close();
    });
  }
});

describe('two brands on one page', () => {
  it('have each their own colours', async () => {
    const [green, blue] = [await button(), await button()];
    green.style.setProperty('--sautikit-accent', 'rgb(0, 100, 0)');
    blue.style.setProperty('--sautikit-accent', 'rgb(0, 0, 200)');
    const ground = (element: SautikitCallButton) => getComputedStyle(part(element, 'button')!).backgroundColor;
    expect([ground(green), ground(blue)]).to.deep.equal(['rgb(0, 100, 0)', 'rgb(0, 0, 200)']);
  });
});
