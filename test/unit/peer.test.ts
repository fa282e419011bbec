import { expect } from '@open-wc/testing';
import type { SinonFakeTimers } from 'sinon';
import { Peer } from '../../src/media/peer.js';
import { fakeTime, turn } from './support/fake-time.js';

const HOST = 'candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host generation 0';
const OTHER = 'candidate:2 1 udp 2122194687 198.51.100.7 50001 typ host generation 0';
const HIDDEN = 'candidate:1 1 udp 2122260223 5a5c4f6e-2a4e-4d0b-9d93-0d3b0f6c5a11.local 50000 typ host generation 0';

/** A connection whose candidates come when the test says so, and never by themselves. */
class Connection extends EventTarget {
  static made: Connection[] = [];
  signalingState = 'stable';
  offers = 0;
  iceGatheringState: RTCIceGatheringState = 'new';
  localDescription: { type: string; sdp: string } | null = null;
  #candidates: string[] = [];
  #generation = 0;

  constructor(readonly configuration: RTCConfiguration) {
    super();
    Connection.made.push(this);
  }

  addTransceiver(): void {}

  getSenders(): RTCRtpSender[] {
    return [];
  }

  createOffer({ iceRestart = false }: RTCOfferOptions = {}): Promise<object> {
    this.offers++;
    return Promise.resolve({ type: 'offer', iceRestart });
  }

  createAnswer(): Promise<object> {
    return Promise.resolve({ type: 'answer', iceRestart: false });
  }

  setLocalDescription({ type, iceRestart }: { type: string; iceRestart: boolean }): Promise<void> {
    if (this.#generation === 0 || iceRestart) {
      this.#generation++;
      this.#candidates = [];
      // As browsers do it: the state follows in a task of its own.
      setTimeout(() => (this.iceGatheringState = 'gathering'));
    }
    this.#describe(type);
    return Promise.resolve();
  }

  finds(candidate: string): void {
    this.#candidates.push(candidate);
    this.#describe(this.localDescription!.type);
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { candidate } }));
  }

  completes(): void {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }

  close(): void {
    this.signalingState = 'closed';
  }

  #describe(type: string): void {
    const lines = [`a=ice-ufrag:${this.#generation}`, ...this.#candidates.map((candidate) => `a=${candidate}`)];
    this.localDescription = { type, sdp: lines.map((line) => `${line}\r\n`).join('') };
  }
}

describe('a description for the gateway', () => {
  const { RTCPeerConnection } = globalThis;
  let clock: SinonFakeTimers;
  let log: string[];

  beforeEach(() => {
    clock = fakeTime();
    log = [];
    Connection.made = [];
    Object.assign(globalThis, { RTCPeerConnection: Connection });
  });

  afterEach(() => {
    clock.restore();
    Object.assign(globalThis, { RTCPeerConnection });
  });

  function make(iceTransportPolicy: RTCIceTransportPolicy = 'all') {
    const peer = new Peer({ iceServers: [], iceTransportPolicy }, (line) => void log.push(line));
    return { peer, connection: Connection.made.at(-1)! };
  }

  /** Asks for a description; tells at any time whether it has come, and with how many candidates. */
  async function ask(peer: Peer, type: 'offer' | 'answer' = 'offer', options?: RTCOfferOptions) {
    const asked: { candidates?: number; sdp?: string } = {};
    void peer.describe(type, options).then((sdp) => {
      Object.assign(asked, { sdp, candidates: sdp.match(/^a=candidate:/gm)?.length ?? 0 });
    });
    await turn();
    return asked;
  }

  /** Lets time go by, in milliseconds. */
  async function after(time: number): Promise<void> {
    await clock.tickAsync(time);
    await turn();
  }

  it('leaves a short grace after the first candidate, with those that are there', async () => {
    const { peer, connection } = make();
    const offer = await ask(peer);
    await after(50);
    connection.finds(HOST);
    await after(9);
    connection.finds(OTHER);
    expect(offer.candidates).to.be.undefined;
    await after(1);
    expect(offer.candidates).to.equal(2);
  });

  it('is not held up by candidates that keep coming', async () => {
    const { peer, connection } = make();
    const offer = await ask(peer);
    for (let found = 0; found < 4; found++) {
      connection.finds(HOST);
      await after(4);
    }
    expect(offer.candidates).to.be.within(1, 3);
  });

  it('leaves at once where gathering began long ago', async () => {
    const { peer, connection } = make();
    await peer.warm();
    connection.finds(HOST);
    await after(1000);
    expect((await ask(peer)).candidates).to.equal(1);
  });

  it('is the one that was made ahead: Firefox forgets with a second offer what it has gathered for the first', async () => {
    const { peer, connection } = make();
    await peer.warm();
    connection.finds(HOST);
    await after(1000);
    await ask(peer);
    expect(connection.offers).to.equal(1);
    await ask(peer);
    expect(connection.offers, 'the next one of a call is new').to.equal(2);
  });

  it('leaves at once without a candidate, where a long time under a permission prompt brought none', async () => {
    const { peer } = make();
    await peer.warm();
    await after(1000);
    expect((await ask(peer)).candidates).to.equal(0);
    expect(log.join()).to.contain('without one');
  });

  it('counts its patience for a first candidate from the beginning of gathering', async () => {
    const { peer } = make();
    await peer.warm();
    await after(150);
    const offer = await ask(peer);
    await after(49);
    expect(offer.candidates).to.be.undefined;
    await after(1);
    expect(offer.candidates).to.equal(0);
  });

  it('leaves at once where gathering has ended, and found nothing', async () => {
    const { peer, connection } = make();
    const offer = await ask(peer);
    connection.completes();
    await turn();
    expect(offer.candidates).to.equal(0);
  });

  it('takes the empty candidate for the end that it is', async () => {
    const { peer, connection } = make();
    const offer = await ask(peer);
    connection.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate: { candidate: '' } }));
    await turn();
    expect(offer.candidates).to.equal(0);
  });

  it('waits for nothing where only relays may be used', async () => {
    const { peer, connection } = make('relay');
    expect(connection.configuration.iceTransportPolicy).to.equal('relay');
    expect((await ask(peer)).candidates, 'cold').to.equal(0);
    const warm = make('relay');
    await warm.peer.warm();
    expect((await ask(warm.peer)).candidates, 'warm').to.equal(0);
  });

  it('takes a relay along that is there', async () => {
    const { peer, connection } = make('relay');
    await peer.warm();
    connection.finds('candidate:3 1 udp 41885695 203.0.113.7 50002 typ relay raddr 0.0.0.0 rport 0');
    expect((await ask(peer)).candidates).to.equal(1);
  });

  it('of an answer waits as that of an offer does', async () => {
    const { peer, connection } = make();
    const answer = await ask(peer, 'answer');
    expect(answer.candidates).to.be.undefined;
    connection.finds(HOST);
    await after(10);
    expect(answer.candidates).to.equal(1);
  });

  it('in a call waits for nothing, since its candidates are known', async () => {
    const { peer, connection } = make();
    await ask(peer);
    connection.finds(HOST);
    await after(10);
    expect((await ask(peer)).candidates).to.equal(1);
  });

  it('that restarts ICE waits for new candidates, although the old gathering is over', async () => {
    const { peer, connection } = make();
    await ask(peer);
    connection.finds(HOST);
    await after(10);
    connection.completes();
    const offer = await ask(peer, 'offer', { iceRestart: true });
    expect(offer.sdp).to.be.undefined;
    await after(1);
    connection.finds(OTHER);
    await after(10);
    expect(offer.sdp).to.contain('a=ice-ufrag:2').and.to.contain(OTHER);
  });

  it('does not outlive its connection', async () => {
    const { peer } = make();
    const offer = await ask(peer);
    peer.close();
    await turn();
    expect(offer.candidates).to.equal(0);
    await after(1000);
    expect(log).to.be.empty;
    expect(clock.countTimers()).to.equal(0);
  });

  it('leaves no timer behind', async () => {
    const { peer, connection } = make();
    await ask(peer);
    connection.finds(HOST);
    await after(10);
    expect(clock.countTimers()).to.equal(0);
  });

  it('is known for one that hides the addresses', async () => {
    const { peer, connection } = make();
    await peer.warm();
    expect(peer.obfuscated).to.equal(false);
    connection.finds(HIDDEN);
    expect(peer.obfuscated).to.equal(true);
    const open = make();
    await open.peer.warm();
    open.connection.finds(HOST);
    expect(open.peer.obfuscated).to.equal(false);
  });
});
