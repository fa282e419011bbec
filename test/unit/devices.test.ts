import { expect } from '@open-wc/testing';
import { canChooseSpeaker, listDevices, watchDevices } from '../../src/media/devices.js';

type Entry = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>;

const microphone = (deviceId: string, label = ''): Entry => ({ kind: 'audioinput', deviceId, label });
const speaker = (deviceId: string, label = ''): Entry => ({ kind: 'audiooutput', deviceId, label });

/** What a made-up system has plugged in. */
function plugIn(...entries: Entry[]): void {
  navigator.mediaDevices.enumerateDevices = async () => entries as MediaDeviceInfo[];
}

describe('the devices of a page', () => {
  const { setSinkId } = HTMLMediaElement.prototype;

  afterEach(() => {
    Reflect.deleteProperty(navigator.mediaDevices, 'enumerateDevices');
    Object.defineProperty(HTMLMediaElement.prototype, 'setSinkId', { value: setSinkId, configurable: true });
  });

  it('are listed by kind, without cameras', async () => {
    plugIn(microphone('m', 'Headset'), { kind: 'videoinput', deviceId: 'c', label: 'Camera' }, speaker('s', 'Desk'));
    expect(await listDevices()).to.deep.equal({
      microphones: [{ id: 'm', label: 'Headset' }],
      speakers: [{ id: 's', label: 'Desk' }],
    });
  });

  it('are listed once each, though Chromium names the system’s choice a second and third time', async () => {
    plugIn(microphone('default', 'Default - Headset'), microphone('communications'), microphone('m', 'Headset'));
    expect((await listDevices()).microphones).to.deep.equal([{ id: 'm', label: 'Headset' }]);
  });

  it('are there where there is nothing but the system’s choice', async () => {
    plugIn(microphone('default', 'Default'), microphone('communications', 'Communications'));
    expect((await listDevices()).microphones).to.deep.equal([{ id: 'default', label: 'Default' }]);
  });

  it('are none that could be chosen before the microphone was allowed', async () => {
    plugIn(microphone(''), speaker(''));
    expect(await listDevices()).to.deep.equal({ microphones: [], speakers: [] });
  });

  it('have no speaker where the browser cannot choose one', async () => {
    plugIn(microphone('m'), speaker('s'));
    expect(canChooseSpeaker()).to.equal(true);
    Reflect.deleteProperty(HTMLMediaElement.prototype, 'setSinkId');
    expect(canChooseSpeaker()).to.equal(false);
    expect(await listDevices()).to.deep.equal({ microphones: [{ id: 'm', label: '' }], speakers: [] });
  });

  it('are none where the browser refuses to tell', async () => {
    navigator.mediaDevices.enumerateDevices = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    expect(await listDevices()).to.deep.equal({ microphones: [], speakers: [] });
  });

  it('are told of as they come and go, until nobody watches', () => {
    let told = 0;
    const stop = watchDevices(() => told++);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    expect(told).to.equal(1);
    stop();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    expect(told).to.equal(1);
  });
});
