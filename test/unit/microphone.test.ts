import { expect } from '@open-wc/testing';
import { closeMicrophone, openChosenMicrophone, openMicrophone } from '../../src/media/microphone.js';
import { rejection } from './support/errors.js';

describe('the microphone', () => {
  afterEach(() => Reflect.deleteProperty(navigator.mediaDevices, 'getUserMedia'));

  it('is missing where the device is gone, in the words of this very browser', async () => {
    expect((await rejection(openMicrophone('no-such-device'))).code).to.equal('mic-missing');
  });

  it('is the system’s choice where the chosen one is gone', async () => {
    const { stream, deviceId } = await openChosenMicrophone('no-such-device');
    expect(stream.getAudioTracks()[0]!.readyState).to.equal('live');
    expect(deviceId).to.equal(undefined);
    closeMicrophone(stream);
  });

  it('is the chosen one where that is there', async () => {
    closeMicrophone(await openMicrophone());
    const all = await navigator.mediaDevices.enumerateDevices();
    const wanted = all.filter(({ kind }) => kind === 'audioinput').at(-1)!.deviceId;
    const { stream, deviceId } = await openChosenMicrophone(wanted);
    expect(deviceId).to.equal(wanted);
    expect(stream.getAudioTracks()[0]!.getSettings().deviceId).to.equal(wanted);
    closeMicrophone(stream);
  });

  it('has a code for each way to fail, whatever class of error the browser takes', async () => {
    class MediaStreamError {
      constructor(
        readonly name: string,
        readonly message = '',
      ) {}
    }
    for (const [name, code] of [
      ['NotFoundError', 'mic-missing'],
      ['OverconstrainedError', 'mic-missing'],
      ['NotReadableError', 'mic-busy'],
      ['AbortError', 'mic-busy'],
      ['SecurityError', 'mic-blocked'],
      ['TypeError', 'unsupported'],
    ] as const) {
      for (const error of [new DOMException('', name), new MediaStreamError(name)]) {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(error as Error);
        expect((await rejection(openMicrophone())).code, name).to.equal(code);
      }
    }
  });

  it('is not replaced by another where the caller refused it, or it is taken', async () => {
    for (const [name, code] of [
      ['NotReadableError', 'mic-busy'],
      ['SecurityError', 'mic-blocked'],
    ] as const) {
      let asked = 0;
      navigator.mediaDevices.getUserMedia = () => {
        asked++;
        return Promise.reject(new DOMException('', name));
      };
      expect((await rejection(openChosenMicrophone('m'))).code).to.equal(code);
      expect(asked).to.equal(1);
    }
  });
});
