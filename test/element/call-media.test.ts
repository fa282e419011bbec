import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { Call } from '../../src/client/call.js';
import type { DeviceChange } from '../../src/client/call-audio.js';
import type { OutgoingCall } from '../../src/client/outgoing-call.js';
import { SautikitClient, type OutgoingOptions } from '../../src/client/sautikit-client.js';
import type { CallQuality } from '../../src/media/quality.js';
import { listDevices } from '../../src/media/devices.js';
import { pause, until } from '../sip/support/waiting.js';
import { rejection } from '../unit/support/errors.js';
import { contextsRun, makeStream, type MadeStream } from '../unit/support/streams.js';
import { Desk } from './support/desk.js';

describe('microphone, speaker and network of a call', () => {
  let desk: Desk;
  let client: SautikitClient;
  let runs: boolean;
  let made: MadeStream | undefined;
  /** Every track that the page's microphones gave, in order. */
  let tracks: MediaStreamTrack[];
  /** Where `ended` of a track is listened for; Firefox keeps made-up events from the track itself. */
  const plugs = new WeakMap<MediaStreamTrack, EventTarget>();
  const { mediaDevices } = navigator;

  const addPlug = (track: MediaStreamTrack): void => {
    const plug = new EventTarget();
    plugs.set(track, plug);
    track.addEventListener = plug.addEventListener.bind(plug);
    track.removeEventListener = plug.removeEventListener.bind(plug);
  };

  /** Firefox's made-up system has one microphone, so that choosing it again has to do for another. */
  let microphones: string[];

  before(async () => {
    runs = await contextsRun();
    const stream = await mediaDevices.getUserMedia({ audio: true });
    microphones = (await listDevices()).microphones.map(({ id }) => id);
    stream.getTracks().forEach((track) => track.stop());
  });

  beforeEach(async () => {
    tracks = [];
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await MediaDevices.prototype.getUserMedia.call(mediaDevices, constraints);
      tracks.push(...stream.getTracks());
      stream.getTracks().forEach(addPlug);
      return stream;
    };
    desk = await Desk.open();
    client = new SautikitClient({ tokenUrl: '/api/sip-token', line: 'sales' });
  });

  afterEach(async () => {
    await client.disconnect();
    await desk.close();
    await made?.close();
    made = undefined;
    Reflect.deleteProperty(mediaDevices, 'getUserMedia');
    Reflect.deleteProperty(mediaDevices, 'enumerateDevices');
    expect(
      tracks.filter(({ readyState }) => readyState === 'live'),
      'open microphones',
    ).to.be.empty;
  });

  const talk = async (options?: OutgoingOptions): Promise<OutgoingCall> => {
    const call = await client.call(undefined, options);
    await until(() => call.state === 'active' && call.connection?.connectionState === 'connected');
    return call;
  };

  const packetsSent = async (call: Call): Promise<number> => {
    const report = await call.connection!.getStats();
    for (const stat of report.values() as Iterable<{ type: string; packetsSent?: number }>) {
      if (stat.type === 'outbound-rtp') return stat.packetsSent ?? 0;
    }
    return 0;
  };

  const sends = async (call: Call): Promise<void> => {
    const before = await packetsSent(call);
    for (let tries = 0; (await packetsSent(call)) < before + 20; tries++) {
      if (tries > 200) throw new Error('no packets leave');
      await pause(20);
    }
  };

  const sentTrack = (call: Call): MediaStreamTrack => call.connection!.getSenders()[0]!.track!;
  const states = (): string[] => tracks.map(({ readyState }) => readyState);

  /** Stands in for pulling the plug, which no test can do: the track ends as a browser ends it. */
  const unplug = (track: MediaStreamTrack): void => {
    track.stop();
    plugs.get(track)!.dispatchEvent(new Event('ended'));
  };

  describe('another microphone', () => {
    it('is open and sent before the one before it is given back', async () => {
      const call = await talk();
      await sends(call);
      const [first] = tracks;
      const order: string[] = [];
      const { stop } = first!;
      first!.stop = () => {
        order.push(sentTrack(call) === first ? 'stopped while sent' : 'stopped after');
        stop.call(first);
      };
      await call.useMicrophone(microphones.at(-1));
      expect(order).to.deep.equal(['stopped after']);
      expect(states()).to.deep.equal(['ended', 'live']);
      expect(sentTrack(call)).to.equal(tracks[1]);
      expect(tracks[1]!.getSettings().deviceId).to.equal(microphones.at(-1));
      await sends(call);
      await call.hangup();
      expect(states()).to.deep.equal(['ended', 'ended']);
    });

    it('is heard at the far end', async () => {
      const call = await talk();
      await call.useMicrophone(microphones.at(-1));
      const received = async (): Promise<number> => {
        const report = await desk.call!.connection!.getStats();
        for (const stat of report.values() as Iterable<{ type: string; packetsReceived?: number }>) {
          if (stat.type === 'inbound-rtp') return stat.packetsReceived ?? 0;
        }
        return 0;
      };
      const before = await received();
      for (let tries = 0; (await received()) < before + 20; tries++) {
        expect(tries, 'packets arrive').to.be.below(200);
        await pause(20);
      }
    });

    it('stays muted', async () => {
      const call = await talk();
      call.mute();
      await call.useMicrophone(undefined);
      expect(sentTrack(call).enabled).to.equal(false);
      call.unmute();
      expect(sentTrack(call).enabled).to.equal(true);
      expect(states()).to.deep.equal(['ended', 'live']);
    });

    it('that cannot be had leaves the one before it', async () => {
      const call = await talk();
      expect((await rejection(call.useMicrophone('no-such-device'))).code).to.equal('mic-missing');
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotReadableError'));
      expect((await rejection(call.useMicrophone(undefined))).code).to.equal('mic-busy');
      expect(states()).to.deep.equal(['live']);
      expect(sentTrack(call)).to.equal(tracks[0]);
      await sends(call);
    });

    it('that the connection refuses is given back', async () => {
      const call = await talk();
      const [sender] = call.connection!.getSenders();
      sender!.replaceTrack = () => Promise.reject(new DOMException('', 'InvalidModificationError'));
      expect((await rejection(call.useMicrophone(undefined))).code).to.equal('mic-busy');
      expect(states()).to.deep.equal(['live', 'ended']);
    });

    it('chosen in haste is the last one that was chosen', async () => {
      const call = await talk();
      await Promise.all([call.useMicrophone(microphones[0]), call.useMicrophone(microphones.at(-1))]);
      expect(states().filter((state) => state === 'live')).to.have.length(1);
      expect(sentTrack(call).readyState).to.equal('live');
      expect(sentTrack(call).getSettings().deviceId).to.equal(microphones.at(-1));
    });

    it('replaces a stream from outside, and does not stop it', async () => {
      made = makeStream(0.2);
      const call = await talk({ stream: made.stream });
      await call.useMicrophone(undefined);
      expect(sentTrack(call)).to.equal(tracks[0]);
      expect(made.stream.getAudioTracks()[0]!.readyState).to.equal('live');
      await call.hangup();
      expect(made.stream.getAudioTracks()[0]!.readyState).to.equal('live');
    });

    it('that comes after the end of the call is given back', async () => {
      const call = await talk();
      const change = call.useMicrophone(undefined);
      await call.hangup();
      await change;
      await call.useMicrophone(undefined);
      expect(states().includes('live')).to.equal(false);
    });

    it('that is remembered and gone is the system’s choice', async () => {
      const call = await talk({ microphoneId: 'no-such-device', speakerId: 'no-such-device' });
      await sends(call);
      expect(states()).to.deep.equal(['live']);
    });
  });

  describe('unplugging', () => {
    const changes = (call: Call): DeviceChange[] => {
      const told: DeviceChange[] = [];
      call.on('devicechanged', (change) => told.push(change));
      return told;
    };

    it('goes on with the system’s choice, and back to the chosen one as it is plugged in again', async () => {
      const wanted = microphones.at(-1)!;
      const call = await talk({ microphoneId: wanted });
      const told = changes(call);
      unplug(tracks[0]!);
      await until(() => told.length === 1);
      expect(told).to.deep.equal([{ microphone: undefined, speaker: undefined, microphoneLost: false }]);
      expect(sentTrack(call)).to.equal(tracks[1]);
      await sends(call);

      mediaDevices.dispatchEvent(new Event('devicechange'));
      await until(() => told.length === 2);
      expect(told[1]).to.include({ microphone: wanted, microphoneLost: false });
      expect(sentTrack(call).getSettings().deviceId).to.equal(wanted);
    });

    it('tells once where no microphone is left, and the call goes on until one is there', async () => {
      const call = await talk();
      const told = changes(call);
      const { getUserMedia } = mediaDevices;
      let asked = 0;
      mediaDevices.getUserMedia = () => {
        asked++;
        return Promise.reject(new DOMException('', 'NotFoundError'));
      };
      unplug(tracks[0]!);
      await until(() => told.length === 1);
      expect(told[0]).to.include({ microphoneLost: true });
      await pause(200);
      expect(asked, 'tried once').to.equal(1);
      expect(call.state).to.equal('active');

      mediaDevices.getUserMedia = getUserMedia;
      mediaDevices.dispatchEvent(new Event('devicechange'));
      await until(() => told.length === 2);
      expect(told[1]).to.include({ microphoneLost: false });
      await sends(call);
    });

    it('by a permission that is taken back ends as it is given again', async () => {
      const permission = Object.assign(new EventTarget(), { state: 'granted' });
      const query = sinon.stub(navigator.permissions, 'query').resolves(permission as unknown as PermissionStatus);
      const call = await talk();
      const told = changes(call);
      const { getUserMedia } = mediaDevices;
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      unplug(tracks[0]!);
      await until(() => told.length === 1);
      expect(told[0]).to.include({ microphoneLost: true });
      expect(call.state).to.equal('active');

      mediaDevices.getUserMedia = getUserMedia;
      permission.dispatchEvent(new Event('change'));
      await until(() => told.length === 2);
      expect(told[1]).to.include({ microphoneLost: false });
      await sends(call);
      query.restore();
    });

    it('of something else changes nothing', async () => {
      const call = await talk();
      const told = changes(call);
      mediaDevices.dispatchEvent(new Event('devicechange'));
      await pause(300);
      expect(told).to.be.empty;
      expect(states()).to.deep.equal(['live']);
    });

    it('is no matter of ours with a stream from outside', async () => {
      made = makeStream(0);
      const call = await talk({ stream: made.stream });
      const told = changes(call);
      made.stream.getAudioTracks()[0]!.stop();
      made.stream.getAudioTracks()[0]!.dispatchEvent(new Event('ended'));
      mediaDevices.dispatchEvent(new Event('devicechange'));
      await pause(300);
      expect(told).to.be.empty;
      expect(tracks).to.be.empty;
    });

    it('is watched no more after the call', async () => {
      const call = await talk({ microphoneId: microphones.at(-1)! });
      const told = changes(call);
      await call.hangup();
      mediaDevices.dispatchEvent(new Event('devicechange'));
      await pause(300);
      expect(told).to.be.empty;
      expect(tracks).to.have.length(1);
    });
  });

  describe('another speaker', () => {
    /** The element that plays the call. */
    const parts = () => ({ audio: new Audio(), context: undefined });

    it('plays the call, and is left for the system’s where it is unplugged', async () => {
      const speaker = parts();
      // The fakes: Firefox has no speaker here, and no browser of a test has one that can be unplugged.
      const used: string[] = [];
      speaker.audio.setSinkId = async (id) => void used.push(id);
      const plugIn = (...ids: string[]) => {
        const entries = ids.map((deviceId) => ({ kind: 'audiooutput', deviceId, label: '' }));
        mediaDevices.enumerateDevices = async () => entries as MediaDeviceInfo[];
        mediaDevices.dispatchEvent(new Event('devicechange'));
      };
      const call = await talk({ speaker });
      const told: DeviceChange[] = [];
      call.on('devicechanged', (change) => told.push(change));
      await call.useSpeaker('headset');
      plugIn('headset', 'desk');
      await pause(100);
      expect(told).to.be.empty;
      plugIn('desk');
      await until(() => told.length === 1);
      plugIn('desk', 'headset');
      await until(() => told.length === 2);
      expect(used).to.deep.equal(['headset', '', 'headset']);
      expect(told.map(({ speaker: id }) => id)).to.deep.equal([undefined, 'headset']);
    });

    it('that is gone leaves the one before, with a typed error', async () => {
      const call = await talk();
      expect((await rejection(call.useSpeaker('no-such-device'))).code).to.equal('unsupported');
      await sends(call);
    });

    it('plays the tones too, where the browser can', async () => {
      const prototype = AudioContext.prototype as AudioContext & { setSinkId?(id: string): Promise<void> };
      const own = Object.getOwnPropertyDescriptor(prototype, 'setSinkId');
      const used: string[] = [];
      // The fake, for browsers that have none of it, and speakers that are not there.
      Object.defineProperty(prototype, 'setSinkId', {
        value: async (id: string) => void used.push(id),
        configurable: true,
      });
      try {
        const speaker = parts();
        speaker.audio.setSinkId = async () => {};
        const call = await talk({ speaker, speakerId: 'headset', tones: true });
        await until(() => used.includes('headset'));
        await call.useSpeaker('desk');
        expect(used.at(-1)).to.equal('desk');
      } finally {
        if (own) Object.defineProperty(prototype, 'setSinkId', own);
        else Reflect.deleteProperty(prototype, 'setSinkId');
      }
    });

    it('is one of the browser’s own', async () => {
      const speaker = parts();
      const [first] = (await listDevices()).speakers;
      const call = await talk({ speaker, ...(first && { speakerId: first.id }) });
      await until(() => speaker.audio.sinkId === (first?.id ?? ''));
      await call.useSpeaker(undefined);
      expect(speaker.audio.sinkId).to.equal('');
    });
  });

  describe('the microphone’s level', () => {
    it('is looked at by nobody unless somebody asks', async () => {
      const { AudioContext } = globalThis;
      let contexts = 0;
      globalThis.AudioContext = class extends AudioContext {
        constructor() {
          super();
          contexts++;
        }
      };
      try {
        const call = await talk();
        expect(contexts).to.equal(0);
        expect(call.inputLevel).to.equal(0);
        expect(contexts).to.equal(1);
        call.on('silence', () => {});
        expect(contexts).to.equal(1);
      } finally {
        Object.assign(globalThis, { AudioContext });
      }
    });

    it('tells that the caller is not heard, and is heard, with a stream that is silent at first', async () => {
      made = makeStream(0);
      const call = await talk({ stream: made.stream });
      const told: boolean[] = [];
      call.on('silence', (silent) => told.push(silent));
      if (!runs) {
        await pause(5_000);
        expect(told, 'nothing is said by a context that stands still').to.be.empty;
        return;
      }
      await until(() => told.length === 1);
      made.volume = 0.3;
      await until(() => told.length === 2);
      expect(told).to.deep.equal([true, false]);
      expect(call.inputLevel).to.be.above(0.3);
    });

    it('follows the microphone that is used', async () => {
      made = makeStream(0);
      const call = await talk({ stream: made.stream });
      expect(call.inputLevel).to.equal(0);
      await call.useMicrophone(undefined);
      // Chromium's made-up microphone beeps.
      if (runs) await until(() => call.inputLevel > 0.2);
      else expect(call.inputLevel).to.equal(0);
    });

    it('tells that somebody speaks while muted, and nothing of it is sent', async () => {
      made = makeStream(0.3);
      const call = await talk({ stream: made.stream });
      const told: boolean[] = [];
      call.on('spokemuted', (speaking) => told.push(speaking));
      await pause(1_000);
      expect(told).to.be.empty;
      call.mute();
      expect(sentTrack(call).enabled).to.equal(false);
      if (runs) await until(() => told.length === 1);
      expect(sentTrack(call).enabled).to.equal(false);
      call.unmute();
      if (runs) await until(() => told.length === 2);
      expect(told).to.deep.equal(runs ? [true, false] : []);
    });
  });

  describe('the network', () => {
    it('is good on one machine, and is told of once', async () => {
      const told: CallQuality[] = [];
      const call = await talk();
      call.on('quality', (quality) => told.push(quality));
      await until(() => told.length === 1);
      expect(told[0]!.level).to.equal('good');
      expect(told[0]!.mos).to.be.within(4.03, 4.41);
    });

    it('becomes poor where statistics say that every fifth packet is lost', async () => {
      const call = await talk();
      const { connection } = call;
      // The fake: real statistics, but for the loss, which no test can bring about on loopback.
      let lost = 0;
      connection!.getStats = async () => {
        const report = await RTCPeerConnection.prototype.getStats.call(connection);
        const entries = [...report.entries()] as [string, { type: string }][];
        const bad = (stat: { type: string }) =>
          stat.type === 'inbound-rtp' ? { ...stat, packetsLost: (lost += 25) } : stat;
        return new Map(entries.map(([id, stat]) => [id, bad(stat)])) as unknown as RTCStatsReport;
      };
      const told: CallQuality[] = [];
      call.on('quality', (quality) => told.push(quality));
      await until(() => told.length === 1);
      expect(told[0]!.level).to.equal('poor');
      await call.hangup();
      const before = lost;
      await pause(2_500);
      expect(lost, 'looked at no more').to.equal(before);
    });
  });
});
