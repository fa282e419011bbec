import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import { showFace, type FaceName } from '../../demo/pages/faces.js';
import { face } from './support/faces.js';

/** What a call can go through without the caller doing anything. */
const COURSE: readonly FaceName[] = [
  'preparing',
  'preparing-prompt',
  'dialing',
  'ringing',
  'ringing-muted',
  'active',
  'active-long',
  'muted',
  'quality-poor',
  'not-heard',
  'speaking-muted',
  'device-changed',
  'audio-blocked',
  'held',
  'reconnecting',
  'near-the-end',
  'ending',
  'ended',
  'cancelled',
  'failed-busy',
  'failed-connection-lost',
  'failed-time-limit',
];

const box = (element: Element | null) => {
  const { x, y, width, height } = element!.getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
};

describe('nothing jumps', () => {
  for (const [device, width] of [
    ['a desktop', 900],
    ['a phone', 390],
    ['a small phone', 320],
  ] as const) {
    it(`while a call goes on, on ${device}`, async () => {
      await setViewport({ width, height: 700 });
      const { element } = await face('preparing');
      const root = element.shadowRoot!;
      const frame = box(root.querySelector('.panel'));
      const controls = box(root.querySelector('.controls'));
      const y = box(root.querySelector('h2'))[1];
      for (const name of COURSE) {
        await showFace(element, name);
        expect(box(root.querySelector('.panel')), `${name}: the panel`).to.deep.equal(frame);
        expect(box(root.querySelector('.controls')), `${name}: the buttons`).to.deep.equal(controls);
        expect(box(root.querySelector('h2'))[1], `${name}: the heading`).to.equal(y);
      }
      await setViewport({ width: 800, height: 600 });
    });
  }

  it('when the offer of another window has had its time', async () => {
    const { element } = await face('preparing-own-window');
    const before = box(element.shadowRoot!.querySelector('.panel'));
    await showFace(element, 'own-window-active');
    expect(box(element.shadowRoot!.querySelector('.panel'))).to.deep.equal(before);
  });
});
