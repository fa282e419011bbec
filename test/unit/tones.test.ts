import { expect } from '@open-wc/testing';
import { Tones } from '../../src/media/tones.js';

/** Seconds that are played, and looks a second. */
const SECONDS = 11;
const LOOKS = 20;
const RATE = 8_000;

/** Plays tones into memory, as fast as the machine can, and says for each twentieth of a second how loud it was at most. */
async function loudness(play: (tones: Tones, context: OfflineAudioContext) => void): Promise<number[]> {
  const context = new OfflineAudioContext(1, SECONDS * RATE, RATE);
  // Tones need nothing of a context but its clock and its nodes.
  play(new Tones(context as unknown as AudioContext), context);
  const samples = (await context.startRendering()).getChannelData(0);
  const size = RATE / LOOKS;
  return Array.from({ length: SECONDS * LOOKS }, (_, at) => Math.max(...samples.slice(at * size, (at + 1) * size)));
}

/** Where sound begins and ends, in seconds. */
const edges = (levels: number[]): number[] =>
  levels.flatMap((level, at) => (level > 0.02 !== (levels[at - 1] ?? 0) > 0.02 ? [at / LOOKS] : []));

describe('the tones of a call', () => {
  it('ring for a second, and pause for four', async () => {
    const levels = await loudness((tones) => tones.ringback());
    const rounded = edges(levels).map((at) => Math.round(at));
    expect(rounded).to.deep.equal([0, 1, 5, 6, 10, 11].slice(0, rounded.length));
    expect(rounded.length).to.be.at.least(5);
  });

  it('are quiet', async () => {
    expect(Math.max(...(await loudness((tones) => tones.ringback())))).to.be.within(0.03, 0.06);
  });

  it('say three times that the call is over, and then nothing', async () => {
    let length = 0;
    const levels = await loudness((tones) => (length = tones.ended()));
    expect(edges(levels)).to.have.length(6);
    expect(edges(levels).at(-1)! * 1000).to.be.at.most(length);
  });

  it('stop at once', async () => {
    const levels = await loudness((tones) => {
      tones.ringback();
      tones.stop();
    });
    expect(Math.max(...levels)).to.equal(0);
  });

  it('do not sound together', async () => {
    const alone = await loudness((tones) => tones.ended());
    const after = await loudness((tones) => {
      tones.ringback();
      tones.ended();
    });
    expect(edges(after)).to.deep.equal(edges(alone));
  });

  it('may be stopped before they began, and twice', async () => {
    const context = new AudioContext();
    const tones = new Tones(context);
    tones.stop();
    tones.ringback();
    tones.stop();
    tones.stop();
    await context.close();
  });
});
