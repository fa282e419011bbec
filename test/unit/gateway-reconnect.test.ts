import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers } from 'sinon';
import { GatewayLink } from '../../src/sip/gateway-link.js';
import { FakeWebSocket, fakeWebSockets } from './support/fake-web-socket.js';
import { fakeTime } from './support/fake-time.js';

const URL = 'wss://one.example/';

let clock: SinonFakeTimers;
let link: GatewayLink;
let random: sinon.SinonStub;
const told = { onOpen: sinon.spy(), onMessage: sinon.spy(), onDown: sinon.spy() };

const socket = (index: number) => FakeWebSocket.all.at(index)!;
const moments = () => FakeWebSocket.all.map(({ made }) => made);
const pauses = () =>
  moments()
    .slice(1)
    .map((moment, i) => moment - moments()[i]!);
const refuseAll = () => (FakeWebSocket.behave = (one) => one.drop());

/** The listeners of the window that came in this test and are still there. */
function trackListeners(): Set<unknown> {
  const there = new Set<unknown>();
  const { addEventListener: add, removeEventListener: remove } = globalThis;
  sinon.stub(globalThis, 'addEventListener').callsFake((type: string, listener: EventListenerOrEventListenerObject) => {
    there.add(listener);
    add.call(globalThis, type, listener);
  });
  sinon
    .stub(globalThis, 'removeEventListener')
    .callsFake((type: string, listener: EventListenerOrEventListenerObject) => {
      there.delete(listener);
      remove.call(globalThis, type, listener);
    });
  return there;
}

beforeEach(() => {
  clock = fakeTime();
  fakeWebSockets();
  random = sinon.stub(Math, 'random').returns(1);
  for (const spy of Object.values(told)) spy.resetHistory();
  link = new GatewayLink([URL]);
  link.handle(told);
});

afterEach(() => {
  link.close();
  clock.restore();
  sinon.restore();
});

/** A link that is open, and is to stay so. */
function open(): void {
  link.connect();
  socket(-1).accept();
  link.keepOpen();
}

describe('a link that was lost', () => {
  it('stays down where nobody wants it open', async () => {
    link.connect();
    socket(0).accept();
    socket(0).drop();
    await clock.tickAsync(60_000);
    expect(moments()).to.have.length(1);
    expect(clock.countTimers()).to.equal(0);
  });

  it('is opened again at once', async () => {
    open();
    await clock.tickAsync(5_000);
    socket(0).drop();
    expect(told.onDown).to.have.property('callCount', 1);
    await clock.tickAsync(0);
    expect(moments()).to.deep.equal([0, 5_000]);
    socket(1).accept();
    expect(told.onOpen).to.have.property('callCount', 2);
    expect(link.send('x')).to.be.true;
    expect(socket(1).sent).to.include('x');
  });

  it('is opened again where no pong came', async () => {
    open();
    socket(0).receive('\r\n');
    await clock.tickAsync(10_001);
    expect(moments()).to.have.length(2);
  });

  it('is tried after pauses that grow: to 2 s within the grace of a gateway, then to 8 s', async () => {
    open();
    await clock.tickAsync(5_000);
    refuseAll();
    socket(0).drop();
    await clock.tickAsync(120_000);
    const [opened, first, ...later] = pauses();
    expect([opened, first]).to.deep.equal([5_000, 1_000]);
    expect(later[0]).to.equal(2_000);
    const inGrace = later.slice(0, 28);
    expect(inGrace.every((pause) => pause === 2_000)).to.be.true;
    expect(Math.max(...later)).to.equal(8_000);
    expect(later.slice(30).every((pause) => pause === 8_000)).to.be.true;
    expect(told.onDown).to.have.property('callCount', moments().length);
  });

  it('is tried up to twice as early by chance', async () => {
    random.returns(0);
    open();
    refuseAll();
    socket(0).drop();
    await clock.tickAsync(60_000);
    expect(Math.max(...pauses())).to.equal(4_000);
  });

  it('begins without a pause again after it was open for a while', async () => {
    open();
    refuseAll();
    socket(0).drop();
    await clock.tickAsync(20_000);
    FakeWebSocket.behave = (one) => one.accept();
    await clock.tickAsync(60_000);
    expect(link.open).to.be.true;
    FakeWebSocket.behave = () => {};
    const before = moments().length;
    socket(-1).drop();
    await clock.tickAsync(0);
    expect(moments()).to.have.length(before + 1);
  });

  it('does not storm a gateway that opens every connection and closes it at once', async () => {
    open();
    FakeWebSocket.behave = (one) => {
      if (FakeWebSocket.all.length > 200) return;
      one.accept();
      one.drop();
    };
    socket(0).drop();
    await clock.tickAsync(10_000);
    expect(moments().length).to.be.below(20);
  });

  it('is tried at once when the browser is online again', async () => {
    open();
    refuseAll();
    socket(0).drop();
    await clock.tickAsync(20_000);
    const before = moments().length;
    FakeWebSocket.behave = () => {};
    dispatchEvent(new Event('online'));
    expect(moments()).to.have.length(before + 1);
    dispatchEvent(new Event('online'));
    expect(moments()).to.have.length(before + 1);
    socket(-1).accept();
    expect(link.open).to.be.true;
  });

  it('is left alone by the browser coming online where it is open', async () => {
    open();
    dispatchEvent(new Event('online'));
    await clock.tickAsync(1_000);
    expect(moments()).to.have.length(1);
    expect(link.open).to.be.true;
  });

  for (const name of ['online', 'offline']) {
    it(`is opened again 2 s after the browser was ${name}, where nothing comes any more`, async () => {
      open();
      socket(0).receive('\r\n');
      await clock.tickAsync(3_000);
      dispatchEvent(new Event(name));
      await clock.tickAsync(1_999);
      expect(moments()).to.deep.equal([0]);
      await clock.tickAsync(2);
      expect(moments()).to.have.length(2);
    });
  }

  it('went with its way where it fell silent', async () => {
    open();
    socket(0).receive('\r\n');
    let gone: boolean | undefined;
    link.handle({ ...told, onDown: () => (gone = link.pathGone) });
    await clock.tickAsync(10_001);
    expect(gone).to.be.true;
    socket(1).accept();
    expect(link.pathGone).to.be.false;
  });

  it('went with its way where the browser closes it since there is another network', () => {
    open();
    dispatchEvent(new Event('online'));
    socket(0).drop();
    expect(link.pathGone).to.be.true;
  });

  it('did not where it was cut', () => {
    open();
    socket(0).drop();
    expect(link.pathGone).to.be.false;
  });
});

describe('a link that is closed', () => {
  it('closes its connection, tells nobody, and opens none again', async () => {
    open();
    link.close();
    expect(socket(0).closed).to.be.true;
    expect(link.open).to.be.false;
    link.connect();
    await clock.tickAsync(60_000);
    expect(moments()).to.have.length(1);
    expect(told.onDown).to.have.property('called', false);
  });

  it('leaves no timer and no listener where it was open', () => {
    const listeners = trackListeners();
    open();
    socket(0).receive('\r\n');
    link.hurry(true);
    clock.tick(2_000);
    link.close();
    expect(clock.countTimers()).to.equal(0);
    expect(listeners.size).to.equal(0);
  });

  it('leaves none where it was being opened', async () => {
    link.connect();
    link.close();
    await clock.tickAsync(0);
    expect(socket(0).closed).to.be.true;
    expect(clock.countTimers()).to.equal(0);
    expect(told.onDown).to.have.property('called', false);
  });

  it('leaves none where it waited for its next attempt', async () => {
    const listeners = trackListeners();
    open();
    refuseAll();
    socket(0).drop();
    await clock.tickAsync(3_000);
    expect(listeners.size).to.equal(1);
    link.close();
    expect(clock.countTimers()).to.equal(0);
    expect(listeners.size).to.equal(0);
    const before = moments().length;
    dispatchEvent(new Event('online'));
    await clock.tickAsync(60_000);
    expect(moments()).to.have.length(before);
  });

  it('leaves none where it is closed by whoever hears that it is down', async () => {
    const listeners = trackListeners();
    open();
    link.handle({ ...told, onDown: () => link.close() });
    socket(0).drop();
    await clock.tickAsync(60_000);
    expect(moments()).to.have.length(1);
    expect(clock.countTimers()).to.equal(0);
    expect(listeners.size).to.equal(0);
  });

  it('can be closed twice', () => {
    open();
    link.close();
    expect(() => link.close()).not.to.throw();
  });
});
