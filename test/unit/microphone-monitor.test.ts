import { expect } from '@open-wc/testing';
import { MicrophoneMonitor } from '../../src/media/microphone-monitor.js';
import { pause, until } from '../sip/support/waiting.js';
import { fakeTime } from './support/fake-time.js';
import { contextsRun, makeStream, type MadeStream } from './support/streams.js';

/** A fake context, for what no real one can be brought to: it hears what the test says, and stands still when told so. */
class FakeContext {
  readonly sampleRate = 48_000;
  state: AudioContextState = 'running';
  amplitude = 0;
  /** How often it was looked at. */
  looks = 0;
  sources = 0;
  refuses = false;

  createAnalyser() {
    const getFloatTimeDomainData = (samples: Float32Array): void => {
      this.looks++;
      samples.fill(this.amplitude);
    };
    return { fftSize: 0, getFloatTimeDomainData };
  }

  createMediaStreamSource() {
    if (this.refuses) throw new DOMException('another sample rate', 'NotSupportedError');
    this.sources++;
    return { connect: () => {}, disconnect: () => this.sources-- };
  }
}

describe('the watch over a microphone', () => {
  let said: string[];
  let muted: boolean;
  let runs: boolean;
  let monitor: MicrophoneMonitor | undefined;
  let streams: MadeStream[];
  let copies: MediaStreamTrack[];
  const { clone } = MediaStreamTrack.prototype;

  const watch = (context: AudioContext | FakeContext): MicrophoneMonitor =>
    (monitor = new MicrophoneMonitor({
      context: context as AudioContext,
      muted: () => muted,
      onSilence: (silent) => said.push(silent ? 'silent' : 'heard'),
      onSpokeMuted: (speaking) => said.push(speaking ? 'speaking' : 'quiet'),
    }));

  const make = (volume: number): MadeStream => {
    const made = makeStream(volume);
    streams.push(made);
    return made;
  };

  before(async () => {
    runs = await contextsRun();
  });

  beforeEach(() => {
    said = [];
    muted = false;
    streams = [];
    copies = [];
    MediaStreamTrack.prototype.clone = function () {
      const copy = clone.call(this);
      copies.push(copy);
      return copy;
    };
  });

  afterEach(async () => {
    monitor?.stop();
    MediaStreamTrack.prototype.clone = clone;
    for (const stream of streams) await stream.close();
    expect(copies.map(({ readyState }) => readyState).filter((state) => state !== 'ended')).to.be.empty;
  });

  describe('with sound', () => {
    it('shows a level that rises and falls with it', async () => {
      const made = make(0.5);
      const { stream, context } = made;
      watch(context).listen(stream);
      if (!runs) {
        await pause(500);
        expect(monitor!.level, 'a context that stands still hears nothing').to.equal(0);
        return;
      }
      await until(() => monitor!.level > 0.8);
      made.volume = 0.005;
      await until(() => monitor!.level > 0.1 && monitor!.level < 0.5);
      made.volume = 0;
      await until(() => monitor!.level === 0);
    });

    it('tells of silence, and of its end; a context that stands still is no silence', async () => {
      const made = make(0);
      watch(made.context).listen(made.stream);
      if (!runs) {
        await pause(5_000);
        expect(said).to.be.empty;
        return;
      }
      await until(() => said.includes('silent'));
      made.volume = 0.3;
      await until(() => said.includes('heard'));
      await made.context.suspend();
      await pause(5_000);
      expect(said).to.deep.equal(['silent', 'heard']);
    });

    it('hears somebody whose track is switched off, and switches nothing on', async () => {
      const { stream, context } = make(0.5);
      const [track] = stream.getAudioTracks();
      track!.enabled = false;
      muted = true;
      watch(context).listen(stream);
      if (runs) await until(() => said.includes('speaking'));
      else await pause(1_000);
      expect(said).to.deep.equal(runs ? ['speaking'] : []);
      expect(track!.enabled).to.equal(false);
    });
  });

  describe('by a made-up context', () => {
    it('has a level, and tells who speaks while muted', async () => {
      const context = new FakeContext();
      context.amplitude = 0.1;
      muted = true;
      watch(context).listen(make(0).stream);
      await until(() => said.length === 1);
      expect(said).to.deep.equal(['speaking']);
      expect(monitor!.level).to.be.closeTo(2 / 3, 0.01);
      muted = false;
      await until(() => said.length === 2);
      expect(said).to.deep.equal(['speaking', 'quiet']);
    });

    it('tells of silence only while the context runs', async () => {
      const context = new FakeContext();
      context.state = 'suspended';
      watch(context).listen(make(0).stream);
      await pause(5_000);
      expect(said).to.be.empty;
      context.state = 'running';
      await until(() => said.length === 1);
      expect(said).to.deep.equal(['silent']);
    });

    it('takes a track without a source for silent, whatever the context still plays', async () => {
      const context = new FakeContext();
      context.amplitude = 0.1;
      const { stream } = make(0);
      watch(context).listen(stream);
      await until(() => monitor!.level > 0);
      copies[0]!.stop();
      await until(() => said.length === 1);
      expect(said).to.deep.equal(['silent']);
      expect(monitor!.level).to.equal(0);
    });

    it('goes over to another microphone, and lets go of the one before', () => {
      const context = new FakeContext();
      watch(context).listen(make(0).stream);
      monitor!.listen(make(0).stream);
      expect(context.sources).to.equal(1);
      expect(copies.map(({ readyState }) => readyState)).to.deep.equal(['ended', 'live']);
      monitor!.stop();
      expect(context.sources).to.equal(0);
    });

    it('does without a level where the context cannot take the device', async () => {
      const context = new FakeContext();
      context.refuses = true;
      watch(context).listen(make(0).stream);
      await pause(300);
      expect(monitor!.level).to.equal(0);
      expect(copies.map(({ readyState }) => readyState)).to.deep.equal(['ended']);
    });

    it('looks twice a second, and ten times while somebody looks at the level', () => {
      const clock = fakeTime();
      try {
        const context = new FakeContext();
        watch(context).listen(make(0).stream);
        clock.tick(10_000);
        expect(context.looks).to.equal(20);
        for (let nth = 0; nth < 10; nth++) {
          expect(monitor!.level).to.equal(0);
          clock.tick(100);
        }
        expect(context.looks).to.equal(30);
        clock.tick(2_000);
        context.looks = 0;
        clock.tick(10_000);
        expect(context.looks).to.equal(20);
        monitor!.stop();
        expect(monitor!.level).to.equal(0);
        clock.tick(10_000);
        expect(context.looks).to.equal(20);
      } finally {
        clock.restore();
      }
    });

    it('misses nothing that is loud between two looks', () => {
      const clock = fakeTime();
      try {
        const context = new FakeContext();
        muted = true;
        watch(context).listen(make(0).stream);
        clock.tick(600);
        context.amplitude = 0.1;
        clock.tick(1_000);
        expect(said).to.deep.equal(['speaking']);
      } finally {
        clock.restore();
      }
    });

    it('never stops the microphone itself', () => {
      const { stream } = make(0);
      watch(new FakeContext()).listen(stream);
      monitor!.stop();
      expect(stream.getAudioTracks()[0]!.readyState).to.equal('live');
    });
  });
});
