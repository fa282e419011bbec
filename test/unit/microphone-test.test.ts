import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { MicrophoneTest, type MicrophoneTestState } from '../../src/media/microphone-test.js';
import { pause, until } from '../sip/support/waiting.js';
import { rejection } from './support/errors.js';

describe('the test of a microphone', () => {
  let states: MicrophoneTestState[];
  let tracks: MediaStreamTrack[];
  let asked: MediaStreamConstraints[];
  let test: MicrophoneTest;
  /** Every element that was made to play, and the addresses of recordings that are not given back. */
  let players: HTMLAudioElement[];
  let addresses: Set<string>;
  const { Audio } = globalThis;
  const { createObjectURL, revokeObjectURL } = URL;

  // A test of the microphone begins with a click, and browsers play nothing without.
  before(() => sendKeys({ press: 'a' }));

  beforeEach(() => {
    states = [];
    tracks = [];
    asked = [];
    players = [];
    addresses = new Set();
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
    URL.createObjectURL = (blob) => {
      const address = createObjectURL.call(URL, blob);
      addresses.add(address);
      return address;
    };
    URL.revokeObjectURL = (address) => {
      addresses.delete(address);
      revokeObjectURL.call(URL, address);
    };
    test = new MicrophoneTest((state) => states.push(state));
  });

  afterEach(() => {
    test.stop();
    Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia');
    Object.assign(globalThis, { Audio });
    Object.assign(URL, { createObjectURL, revokeObjectURL });
  });

  /** No microphone is open, nothing plays, and no recording is kept. */
  function expectAllGivenBack(): void {
    expect(tracks.map(({ readyState }) => readyState).filter((state) => state === 'live')).to.be.empty;
    expect(players.every(({ paused }) => paused)).to.equal(true);
    expect([...addresses]).to.be.empty;
  }

  it('records, gives the microphone back, plays, and is over', async () => {
    const over = test.start();
    await until(() => states.includes('playing'));
    expect(tracks.map(({ readyState }) => readyState)).to.deep.equal(['ended']);
    const [player] = players;
    await until(() => player!.currentTime > 1);
    await over;
    expect(states).to.deep.equal(['recording', 'playing', undefined]);
    expectAllGivenBack();
  });

  it('can be ended under the permission prompt', async () => {
    const over = test.start();
    test.stop();
    await over;
    expect(states).to.be.empty;
    expectAllGivenBack();
  });

  it('can be ended while it records', async () => {
    const over = test.start();
    await until(() => states.includes('recording'));
    test.stop();
    expect(states).to.deep.equal(['recording', undefined]);
    await over;
    expect(states).to.deep.equal(['recording', undefined]);
    expect(addresses.size, 'nothing to be played').to.equal(0);
    expectAllGivenBack();
  });

  it('can be ended while it plays', async () => {
    const over = test.start();
    await until(() => states.includes('playing'));
    test.stop();
    await over;
    expect(states).to.deep.equal(['recording', 'playing', undefined]);
    expectAllGivenBack();
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
    expectAllGivenBack();
  });

  it('says what is wrong with the microphone, and is over', async () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotReadableError'));
    expect((await rejection(test.start())).code).to.equal('mic-busy');
    expect(states).to.be.empty;
    expectAllGivenBack();
  });

  it('takes the system’s microphone where the chosen one is gone', async () => {
    const over = test.start('no-such-device');
    await until(() => states.includes('recording'));
    expect(asked).to.have.length(2);
    test.stop();
    await over;
    expectAllGivenBack();
  });

  it('plays by the system’s speaker where the chosen one is gone', async () => {
    const over = test.start(undefined, 'no-such-device');
    await until(() => states.includes('playing'));
    test.stop();
    await over;
    await pause(0);
    expectAllGivenBack();
  });
});
