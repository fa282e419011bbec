import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { microphoneIsGranted } from '../../src/media/microphone-permission.js';

describe('whether the microphone is granted', () => {
  afterEach(() => sinon.restore());

  it('is asked until it is, and again only after it was taken back', async () => {
    const status = { state: 'prompt' as PermissionState };
    const query = sinon.stub(navigator.permissions, 'query').callsFake(async () => status as PermissionStatus);
    expect(await microphoneIsGranted()).to.equal(false);
    status.state = 'granted';
    expect(await microphoneIsGranted()).to.equal(true);
    const asked = query.callCount;
    for (let call = 0; call < 3; call += 1) expect(await microphoneIsGranted()).to.equal(true);
    expect(query.callCount).to.equal(asked);

    status.state = 'denied';
    expect(await microphoneIsGranted()).to.equal(false);
    expect(query.callCount).to.equal(asked + 1);
  });

  it('is not, in a browser that does not know of the permission', async () => {
    sinon.stub(navigator.permissions, 'query').rejects(new TypeError('microphone is no permission'));
    expect(await microphoneIsGranted()).to.equal(false);
  });
});
