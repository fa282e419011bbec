import { expect } from '@open-wc/testing';
import { MicrophoneTest, type MicrophoneTestState } from '../../src/media/microphone-test.js';
import { pause, until } from '../sip/support/waiting.js';
import { rejection } from './support/errors.js';
import { contextsRun } from './support/streams.js';

describe('the test of a microphone', () => {
  let states: MicrophoneTestState[];
  let tracks: MediaStreamTrack[];
  let asked: MediaStreamConstraints[];
  let test: MicrophoneTest;
  /** Every element that was made to play, and every context. */
  let players: HTMLAudioElement[];
  let contexts: AudioContext[];
  const { Audio, AudioContext } = globalThis;
  let runs: boolean;

  before(async () => {
    runs = await contextsRun();
  });

  beforeEach(() => {
    states = [];
    tracks = [];
    asked = [];
    players = [];
    contexts = [];
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      asked.push(constraints!);
      const stream = await MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    globalThis.Audio = class extends Audio {
      constructor() {
        super();
        // Nobody needs to hear a test.
        this.muted = true;
        players.push(this);
      }
    };
    globalThis.AudioContext = class extends AudioContext {
      constructor() {
        super();
        contexts.push(this);
      }
    };
    test = new MicrophoneTest((state) => states.push(state));
  });

  afterEach(() => {
    test.stop();
    Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia');
    Object.assign(globalThis, { Audio, AudioContext });
  });

  /** The loudest sample (0 to 1) that the test plays until it is in another state. */
  async function peak(): Promise<number> {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context);
    new MediaStreamAudioSourceNode(context, { mediaStream: players[0]!.srcObject as MediaStream }).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (const before = states.length; states.length === before; await pause(20)) {
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples.map(Math.abs));
    }
    await context.close();
    return loudest;
  }

  /** No microphone is open, nothing plays, and no recording is kept. */
  async function expectAllGivenBack(): Promise<void> {
    expect(tracks.map(({ readyState }) => readyState).filter((state) => state === 'live')).to.be.empty;
    expect(players.every(({ paused }) => paused)).to.equal(true);
    await until(() => contexts.every(({ state }) => state === 'closed'));
  }

  it('records in silence, gives the microphone back, plays what it heard, and is over', async () => {
    const over = test.start();
    await until(() => states.includes('recording'));
    expect(await peak()).to.equal(0);
    expect(states).to.deep.equal(['recording', 'playing']);
    expect(tracks.map(({ readyState }) => readyState)).to.deep.equal(['ended']);
    // An address of a recording is what a page's policy for media would have to allow.
    expect(players.map(({ currentSrc }) => currentSrc)).to.deep.equal(['']);
    const loudest = await peak();
    if (runs) expect(loudest).to.be.above(0.01);
    await over;
    expect(states).to.deep.equal(['recording', 'playing', undefined]);
    await expectAllGivenBack();
  });

  it('can be ended under the permission prompt', async () => {
    const over = test.start();
    test.stop();
    await over;
    expect(states).to.be.empty;
    await expectAllGivenBack();
  });

  it('can be ended while it records', async () => {
    const over = test.start();
    await until(() => states.includes('recording'));
    test.stop();
    expect(states).to.deep.equal(['recording', undefined]);
    await over;
    expect(states).to.deep.equal(['recording', undefined]);
    await expectAllGivenBack();
  });

  it('can be ended while it plays', async () => {
    const over = test.start();
    await until(() => states.includes('playing'));
    test.stop();
    await over;
    expect(states).to.deep.equal(['recording', 'playing', undefined]);
    await expectAllGivenBack();
  });

  it('begins anew where it is asked again', async () => {
    const first = test.start();
    await until(() => states.includes('recording'));
    const second = test.start();
    await first;
    await until(() => states.length === 3);
    expect(states).to.deep.equal(['recording', undefined, 'recording']);
    test.stop();
    await second;
    await expectAllGivenBack();
  });

  it('says what is wrong with the microphone, and is over', async () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotReadableError'));
    expect((await rejection(test.start())).code).to.equal('mic-busy');
    expect(states).to.be.empty;
    await expectAllGivenBack();
  });

  it('takes the system’s microphone where the chosen one is gone', async () => {
    const over = test.start('no-such-device');
    await until(() => states.includes('recording'));
    expect(asked).to.have.length(2);
    test.stop();
    await over;
    await expectAllGivenBack();
  });

  it('plays by the system’s speaker where the chosen one is gone', async () => {
    const over = test.start(undefined, 'no-such-device');
    await until(() => states.includes('playing'));
    test.stop();
    await over;
    await pause(0);
    await expectAllGivenBack();
  });
});
