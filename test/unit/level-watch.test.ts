import { expect } from '@open-wc/testing';
import { LevelWatch, meterLevel } from '../../src/media/level-watch.js';

/** Amplitudes (root mean square) as they come from a microphone. */
const NOTHING = 0;
const ROOM = 0.0005;
const VOICE = 0.05;

let said: string[];
let watch: LevelWatch;
let now: number;

/** Gives one amplitude for so many milliseconds, a look each 100 ms. */
function hear(amplitude: number, milliseconds: number, muted = false, step = 100): void {
  for (const end = now + milliseconds; now < end;) {
    now += step;
    watch.take(amplitude, muted, now);
  }
}

beforeEach(() => {
  said = [];
  now = 1_000;
  watch = new LevelWatch({
    onSilence: (silent) => said.push(silent ? 'silent' : 'heard'),
    onSpokeMuted: (speaking) => said.push(speaking ? 'speaking' : 'quiet'),
  });
  watch.take(ROOM, false, now);
});

describe('a microphone that gives nothing', () => {
  it('is silent after 4 s, told once, and heard again with the first sound', () => {
    hear(NOTHING, 3_900);
    expect(said).to.be.empty;
    hear(NOTHING, 10_000);
    expect(said).to.deep.equal(['silent']);
    hear(ROOM, 100);
    expect(said).to.deep.equal(['silent', 'heard']);
  });

  it('is not silent where it gives a quiet room, however long', () => {
    hear(ROOM, 60_000);
    expect(said).to.be.empty;
  });

  it('is not silent where a sound comes in between', () => {
    for (let times = 0; times < 5; times++) {
      hear(NOTHING, 3_000);
      hear(ROOM, 100);
    }
    expect(said).to.be.empty;
  });

  it('is no matter while muted, and begins anew after it', () => {
    hear(NOTHING, 60_000, true);
    hear(NOTHING, 3_900);
    expect(said).to.be.empty;
    hear(NOTHING, 200);
    expect(said).to.deep.equal(['silent']);
    hear(NOTHING, 100, true);
    expect(said).to.deep.equal(['silent', 'heard']);
  });

  it('does not become silent by a time in which nobody looked', () => {
    hear(NOTHING, 2_000);
    watch.pause();
    now += 60_000;
    hear(NOTHING, 3_900);
    expect(said).to.be.empty;
  });

  it('does not become silent by one late look', () => {
    hear(NOTHING, 1_000);
    now += 60_000;
    hear(NOTHING, 100);
    expect(said).to.be.empty;
  });
});

describe('somebody who is muted', () => {
  it('speaks after half a second of voice, and is quiet after a pause', () => {
    hear(VOICE, 400, true);
    expect(said).to.be.empty;
    hear(VOICE, 3_000, true);
    expect(said).to.deep.equal(['speaking']);
    hear(ROOM, 1_400, true);
    expect(said).to.deep.equal(['speaking']);
    hear(ROOM, 200, true);
    expect(said).to.deep.equal(['speaking', 'quiet']);
  });

  it('speaks in words with gaps', () => {
    for (let word = 0; word < 4; word++) {
      hear(VOICE, 300, true);
      hear(ROOM, 200, true);
    }
    expect(said).to.deep.equal(['speaking']);
  });

  it('does not speak by coughing, typing or breathing', () => {
    for (let times = 0; times < 50; times++) {
      hear(VOICE, 100, true);
      hear(ROOM, 400, true);
    }
    expect(said).to.be.empty;
  });

  it('is told of no more once unmuted', () => {
    hear(VOICE, 1_000, true);
    hear(VOICE, 1_000);
    expect(said).to.deep.equal(['speaking', 'quiet']);
  });

  it('is told of again after a new mute', () => {
    hear(VOICE, 1_000, true);
    hear(VOICE, 1_000);
    hear(VOICE, 1_000, true);
    expect(said).to.deep.equal(['speaking', 'quiet', 'speaking']);
  });
});

describe('the meter', () => {
  it('goes from -60 dB to full scale in even steps of loudness', () => {
    for (const [amplitude, level] of [
      [0, 0],
      [0.0001, 0],
      [0.001, 0],
      [0.01, 1 / 3],
      [0.1, 2 / 3],
      [1, 1],
      [2, 1],
    ] as const) {
      expect(meterLevel(amplitude), `${amplitude}`).to.be.closeTo(level, 1e-9);
    }
  });
});
