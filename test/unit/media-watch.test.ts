import { expect } from '@open-wc/testing';
import type { SinonFakeTimers } from 'sinon';
import { MediaWatch } from '../../src/client/media-watch.js';
import { fakeTime } from './support/fake-time.js';

/** The part of a peer connection that is watched. */
class FakeConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new';
  dtls: RTCDtlsTransportState = 'connected';
  currentRemoteDescription = farEnd('AA:01');
  listeners = 0;

  getSenders() {
    return [{ transport: { state: this.dtls } }];
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  override addEventListener(type: string, listener: EventListener): void {
    this.listeners++;
    super.addEventListener(type, listener);
  }

  override removeEventListener(type: string, listener: EventListener): void {
    this.listeners--;
    super.removeEventListener(type, listener);
  }
}

/** A far end with this certificate. */
function farEnd(fingerprint: string): { sdp: string } {
  return { sdp: `v=0\r\na=fingerprint:sha-256 ${fingerprint}\r\n` };
}

let clock: SinonFakeTimers;
let connection: FakeConnection;
let watch: MediaWatch;
/** What was told so far, in order. */
let said: string[];

function begin(state: RTCPeerConnectionState = 'connecting'): void {
  connection.connectionState = state;
  watch = new MediaWatch(connection as unknown as RTCPeerConnection, {
    onNever: () => said.push('never'),
    onDoubt: () => said.push('doubt'),
    onLost: () => said.push('lost'),
    onFlows: () => said.push('flows'),
  });
}

beforeEach(() => {
  clock = fakeTime();
  connection = new FakeConnection();
  said = [];
});

afterEach(() => {
  watch.stop();
  clock.restore();
});

describe('the media of an answered call', () => {
  it('flows as soon as it is connected', () => {
    begin();
    connection.become('connected');
    expect(said).to.deep.equal(['flows']);
    clock.tick(60_000);
    expect(said).to.deep.equal(['flows']);
  });

  it('flows at once where it was connected before the answer', () => {
    begin('connected');
    expect(said).to.deep.equal(['flows']);
  });

  it('never comes where it has not come in 12 s', () => {
    begin();
    clock.tick(11_999);
    expect(said).to.be.empty;
    clock.tick(1);
    expect(said).to.deep.equal(['never']);
  });

  it('never comes where it fails before it came', () => {
    begin();
    connection.become('failed');
    expect(said).to.deep.equal(['never']);
    clock.tick(60_000);
    expect(said).to.deep.equal(['never']);
  });

  it('never comes where it had failed before the answer', () => {
    begin('failed');
    expect(said).to.deep.equal(['never']);
  });

  it('may come late, within 12 s, through an interruption', () => {
    begin();
    connection.become('disconnected');
    clock.tick(11_000);
    connection.become('connected');
    clock.tick(60_000);
    expect(said).to.deep.equal(['flows']);
  });

  it('is lost where it is interrupted for 2.5 s', () => {
    begin();
    connection.become('connected');
    connection.become('disconnected');
    clock.tick(2_499);
    expect(said).to.deep.equal(['flows', 'doubt']);
    clock.tick(1);
    expect(said).to.deep.equal(['flows', 'doubt', 'lost']);
  });

  it('is not lost where it heals by itself before', () => {
    begin();
    connection.become('connected');
    connection.become('disconnected');
    clock.tick(2_000);
    connection.become('connected');
    clock.tick(60_000);
    expect(said).to.deep.equal(['flows', 'doubt', 'flows']);
  });

  it('is lost at once where it fails', () => {
    begin();
    connection.become('connected');
    connection.become('failed');
    expect(said).to.deep.equal(['flows', 'lost']);
    clock.tick(60_000);
    expect(said).to.deep.equal(['flows', 'lost']);
  });

  it('flows again after a restart, and can be lost again', () => {
    begin();
    for (const state of ['connected', 'failed', 'connecting', 'connected', 'disconnected'] as const) {
      connection.become(state);
    }
    clock.tick(2_500);
    expect(said).to.deep.equal(['flows', 'lost', 'flows', 'doubt', 'lost']);
  });

  it('is broken where its DTLS transport has failed, whatever the connection says after a restart', () => {
    begin();
    connection.become('connected');
    connection.become('failed');
    expect(watch.broken).to.be.false;
    connection.dtls = 'failed';
    connection.become('failed');
    connection.dtls = 'connected';
    connection.become('connecting');
    connection.become('connected');
    expect([watch.broken, watch.flows]).to.deep.equal([true, false]);
    expect(said).to.deep.equal(['flows', 'lost', 'lost']);
  });

  it('is broken where the far end has another certificate than before', () => {
    begin();
    connection.become('connected');
    connection.become('disconnected');
    connection.currentRemoteDescription = farEnd('BB:02');
    connection.become('connected');
    expect([watch.broken, watch.flows]).to.deep.equal([true, false]);
    const fresh = new FakeConnection();
    fresh.currentRemoteDescription = farEnd('BB:02');
    watch.follow(fresh as unknown as RTCPeerConnection);
    fresh.become('connected');
    expect([watch.broken, watch.flows]).to.deep.equal([false, true]);
  });

  it('goes on with another connection, which is not the first one and has all the time it takes', () => {
    begin();
    connection.become('connected');
    connection.dtls = 'failed';
    connection.become('failed');
    const [first, second] = [connection, new FakeConnection()];
    watch.follow(second as unknown as RTCPeerConnection);
    expect([watch.broken, watch.flows, first.listeners]).to.deep.equal([false, false, 0]);
    clock.tick(60_000);
    second.become('connected');
    expect(watch.flows).to.be.true;
    second.become('failed');
    expect(said).to.deep.equal(['flows', 'lost', 'flows', 'lost']);
  });

  it('is watched no more after the end', () => {
    begin();
    connection.become('connected');
    connection.become('disconnected');
    watch.stop();
    connection.become('failed');
    clock.tick(60_000);
    expect(said).to.deep.equal(['flows', 'doubt']);
    expect(clock.countTimers()).to.equal(0);
    expect(connection.listeners).to.equal(0);
  });

  it('leaves no timer where it ends before it came', () => {
    begin();
    watch.stop();
    expect(clock.countTimers()).to.equal(0);
  });
});
