import { expect } from '@open-wc/testing';
import { createConnection } from '../../src/media/deferred-close.js';
import { until } from '../sip/support/waiting.js';

describe('the end of a connection', () => {
  it('waits for an idle moment, however often it is asked for, and then for nothing', async () => {
    const connection = createConnection({});
    connection.addTransceiver('audio');
    connection.close();
    connection.close();
    expect(connection.signalingState).to.equal('stable');
    await until(() => connection.signalingState === 'closed');
    connection.close();
    expect(connection.signalingState).to.equal('closed');
  });

  it('is there at once where the page is left', () => {
    const waiting = createConnection({});
    const untouched = createConnection({});
    waiting.close();
    let told: string | undefined;
    const onLeave = () => {
      untouched.close();
      told = untouched.signalingState;
    };
    addEventListener('pagehide', onLeave, { once: true });
    dispatchEvent(new Event('pagehide'));
    expect(waiting.signalingState).to.equal('closed');
    expect(told).to.equal('closed');
  });

  it('is there at once where a browser has no idle moments', () => {
    const { requestIdleCallback } = globalThis;
    Object.assign(globalThis, { requestIdleCallback: undefined });
    try {
      const connection = createConnection({});
      connection.close();
      expect(connection.signalingState).to.equal('closed');
    } finally {
      Object.assign(globalThis, { requestIdleCallback });
    }
  });
});
