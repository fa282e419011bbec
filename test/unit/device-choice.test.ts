import { expect } from '@open-wc/testing';
import { DeviceChoice } from '../../src/media/device-choice.js';

const KEY = 'sautikit-devices';

/** What is kept for the next visit. */
const kept = (): unknown => JSON.parse(localStorage.getItem(KEY) ?? 'null');

describe('the caller’s choice of devices', () => {
  beforeEach(() => localStorage.removeItem(KEY));
  afterEach(() => localStorage.removeItem(KEY));

  it('is the system’s until the caller chooses', () => {
    const choice = new DeviceChoice();
    choice.load(true);
    expect([choice.microphone, choice.speaker]).to.deep.equal([undefined, undefined]);
    expect(localStorage.getItem(KEY)).to.equal(null);
  });

  it('stays in memory, and nothing is kept, unless it may be remembered', () => {
    const choice = new DeviceChoice();
    choice.choose('microphone', 'm', false);
    expect(choice.microphone).to.equal('m');
    expect(localStorage.getItem(KEY)).to.equal(null);
  });

  it('is kept as ids alone, and found by the next visit', () => {
    const choice = new DeviceChoice();
    choice.choose('microphone', 'm', true);
    choice.choose('speaker', 's', true);
    expect(kept()).to.deep.equal({ microphone: 'm', speaker: 's' });
    const next = new DeviceChoice();
    next.load(true);
    expect([next.microphone, next.speaker]).to.deep.equal(['m', 's']);
  });

  it('is not read where nothing may be remembered', () => {
    localStorage.setItem(KEY, JSON.stringify({ microphone: 'm' }));
    const choice = new DeviceChoice();
    choice.load(false);
    expect(choice.microphone).to.equal(undefined);
  });

  it('counts for more than what an earlier visit left, kind by kind', () => {
    localStorage.setItem(KEY, JSON.stringify({ microphone: 'old', speaker: 's' }));
    const choice = new DeviceChoice();
    choice.choose('microphone', 'new', false);
    choice.load(true);
    expect([choice.microphone, choice.speaker]).to.deep.equal(['new', 's']);
  });

  it('leaves nothing behind when it goes back to the system’s', () => {
    const choice = new DeviceChoice();
    choice.choose('microphone', 'm', true);
    choice.choose('microphone', undefined, true);
    expect(localStorage.getItem(KEY)).to.equal(null);
  });

  it('does not trust what is stored', () => {
    for (const nonsense of ['{', 'null', '7', '[]', '{"microphone":7,"speaker":{}}']) {
      localStorage.setItem(KEY, nonsense);
      const choice = new DeviceChoice();
      choice.load(true);
      expect([choice.microphone, choice.speaker], nonsense).to.deep.equal([undefined, undefined]);
    }
  });

  it('holds for the page where storage throws', () => {
    const { localStorage: real } = globalThis;
    const forbidden = () => {
      throw new DOMException('', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'localStorage', { get: forbidden, configurable: true });
    try {
      const choice = new DeviceChoice();
      choice.load(true);
      choice.choose('speaker', 's', true);
      expect(choice.speaker).to.equal('s');
    } finally {
      Object.defineProperty(globalThis, 'localStorage', { get: () => real, configurable: true });
    }
  });
});
