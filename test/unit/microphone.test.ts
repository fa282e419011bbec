import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { SautikitError } from '../../src/errors.js';
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

  describe('that never starts', () => {
    let answer: (stream: MediaStream) => void;
    let permission: PermissionState;

    beforeEach(() => {
      sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      navigator.mediaDevices.getUserMedia = () => new Promise((resolve) => (answer = resolve));
      // What was granted once is remembered, and so is not asked for again.
      sinon.stub(PermissionStatus.prototype, 'state').get(() => permission);
    });

    afterEach(() => sinon.restore());

    /** Until the browser has said what the permission is. */
    const asked = () => navigator.permissions.query({ name: 'microphone' as PermissionName });

    it('is taken for busy after ten seconds where nobody is asked, and given back where it comes after all', async () => {
      permission = 'granted';
      const failing = rejection(openMicrophone());
      await asked();
      await sinon.clock.tickAsync(10_000);
      expect((await failing).code).to.equal('mic-busy');
      const late = new MediaStream();
      const given = sinon.spy(late, 'getTracks');
      answer(late);
      await Promise.resolve();
      await Promise.resolve();
      expect(given.calledOnce).to.equal(true);
    });

    it('is waited for as long as the visitor is asked', async () => {
      permission = 'prompt';
      const opening = openMicrophone();
      await asked();
      await sinon.clock.tickAsync(600_000);
      const stream = new MediaStream();
      answer(stream);
      expect(await opening).to.equal(stream);
    });
  });

  it('is the owner’s to allow where the frame has it not, and the console says what is missing', async () => {
    const frame = document.createElement('iframe');
    frame.allow = "microphone 'none'";
    frame.srcdoc = '<!doctype html><title>A frame</title>';
    const loaded = new Promise((resolve) => (frame.onload = resolve));
    document.body.append(frame);
    await loaded;
    const inside = frame.contentWindow as Window & typeof globalThis;
    const said: string[] = [];
    inside.console.error = (text: string) => said.push(text);
    const module = inside.eval(`import('${new URL('/src/media/microphone.ts', location.href)}')`) as Promise<{
      openMicrophone: typeof openMicrophone;
    }>;
    const error = await (await module).openMicrophone().then(
      () => undefined,
      (reason: SautikitError) => reason,
    );
    expect([error?.code, error?.responsible]).to.deep.equal(['mic-blocked', 'owner']);
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('allow="microphone"').and.to.contain('Permissions-Policy');
    frame.remove();
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
