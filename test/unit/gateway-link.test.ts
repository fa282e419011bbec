import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers } from 'sinon';
import { GatewayLink } from '../../src/sip/gateway-link.js';
import { FakeWebSocket, fakeWebSockets } from './support/fake-web-socket.js';
import { fakeTime, turn } from './support/fake-time.js';

const ONE = 'wss://one.example/';
const TWO = 'wss://two.example/';
const THREE = 'wss://three.example/';

let clock: SinonFakeTimers;
let link: GatewayLink;
const told = { onOpen: sinon.spy(), onMessage: sinon.spy(), onDown: sinon.spy() };

/** Addresses in the order in which they were tried, with the moment in milliseconds. */
const tried = () => FakeWebSocket.all.map(({ url, made }) => [url, made]);
const socket = (index: number) => FakeWebSocket.all.at(index)!;

function connect(...urls: string[]): void {
  link = new GatewayLink(urls);
  link.handle(told);
  link.connect();
}

beforeEach(() => {
  clock = fakeTime();
  fakeWebSockets();
  for (const spy of Object.values(told)) spy.resetHistory();
});

afterEach(() => {
  link.close();
  clock.restore();
  sinon.restore();
});

describe('a link to one gateway', () => {
  it('opens a WebSocket for SIP, once', () => {
    connect(ONE);
    link.connect();
    expect(tried()).to.deep.equal([[ONE, 0]]);
    expect(socket(0).protocol).to.equal('sip');
    expect(link.open).to.be.false;
    socket(0).accept();
    link.connect();
    expect(link.open).to.be.true;
    expect(told.onOpen).to.have.property('callCount', 1);
    expect(tried()).to.have.length(1);
  });

  it('sends where it is open, and says so where it is not', () => {
    connect(ONE);
    expect(link.send('early')).to.be.false;
    socket(0).accept();
    expect(link.send('now')).to.be.true;
    expect(socket(0).sent).to.include('now').and.not.include('early');
    socket(0).drop();
    expect(link.send('late')).to.be.false;
  });

  it('hands messages on, as text and as bytes', () => {
    connect(ONE);
    socket(0).accept();
    socket(0).receive('SIP/2.0 200 OK');
    socket(0).receive(new TextEncoder().encode('BYE sip:zoë@a SIP/2.0').buffer);
    expect(told.onMessage.args).to.deep.equal([['SIP/2.0 200 OK'], ['BYE sip:zoë@a SIP/2.0']]);
    expect(socket(0).binaryType).to.equal('arraybuffer');
  });

  it('keeps pings and pongs to itself, and answers a ping of the gateway', () => {
    connect(ONE);
    socket(0).accept();
    socket(0).receive('\r\n');
    socket(0).receive('\r\n\r\n');
    expect(told.onMessage).to.have.property('called', false);
    expect(socket(0).sent).to.deep.equal(['\r\n\r\n', '\r\n']);
  });

  it('says once that it is down where it was refused', () => {
    connect(ONE);
    socket(0).drop();
    clock.tick(60_000);
    expect(told.onDown).to.have.property('callCount', 1);
    expect(tried()).to.have.length(1);
    expect(clock.countTimers()).to.equal(0);
  });

  it('says so after 10 s where nobody answers, and lets go of the socket', async () => {
    connect(ONE);
    await clock.tickAsync(9_999);
    expect(told.onDown).to.have.property('called', false);
    await clock.tickAsync(1);
    expect(told.onDown).to.have.property('callCount', 1);
    expect(socket(0).closed).to.be.true;
    expect(clock.countTimers()).to.equal(0);
  });

  it('may be tried again after that', async () => {
    connect(ONE);
    socket(0).drop();
    link.connect();
    socket(1).accept();
    expect(link.open).to.be.true;
  });

  it('says that it is down where the page may not open it', () => {
    connect('wss://forbidden.example/');
    expect(told.onDown).to.have.property('callCount', 1);
    expect(clock.countTimers()).to.equal(0);
  });

  it('is pinged every 8 s, and every 2 s where it hurries', () => {
    connect(ONE);
    socket(0).accept();
    clock.tick(16_000);
    expect(socket(0).sent).to.have.length(3);
    link.hurry(true);
    clock.tick(10_000);
    expect(socket(0).sent).to.have.length(8);
  });

  it('is down 2 s after a ping without a pong, although the browser sees it open', () => {
    connect(ONE);
    socket(0).accept();
    socket(0).receive('\r\n');
    clock.tick(9_999);
    expect(link.open).to.be.true;
    clock.tick(1);
    expect(link.open).to.be.false;
    expect(told.onDown).to.have.property('callCount', 1);
    expect(socket(0).closed).to.be.true;
  });

  it('hears nothing more from a connection that it gave up', async () => {
    connect(ONE);
    socket(0).accept();
    socket(0).receive('\r\n');
    const hear = socket(0).onmessage;
    clock.tick(10_000);
    socket(0).receive('SIP/2.0 200 OK');
    await turn();
    expect(hear).not.to.be.null;
    expect(told.onMessage).to.have.property('called', false);
    expect(told.onDown).to.have.property('callCount', 1);
  });

  it('serves the same gateways in the same order, until it is closed', () => {
    connect(ONE, TWO);
    expect(link.serves([ONE, TWO])).to.be.true;
    expect(link.serves([TWO, ONE])).to.be.false;
    expect(link.serves([ONE])).to.be.false;
    expect(link.serves([ONE, TWO, THREE])).to.be.false;
    link.close();
    expect(link.serves([ONE, TWO])).to.be.false;
  });
});

describe('a link to several gateways', () => {
  it('tries the second beside the first after 1.5 s', () => {
    connect(ONE, TWO);
    clock.tick(1_499);
    expect(tried()).to.deep.equal([[ONE, 0]]);
    clock.tick(1);
    expect(tried()).to.deep.equal([
      [ONE, 0],
      [TWO, 1_500],
    ]);
    expect(socket(0).closed).to.be.false;
  });

  it('takes whichever opens first, and closes the others', () => {
    connect(ONE, TWO, THREE);
    clock.tick(3_000);
    expect(tried()).to.have.length(3);
    socket(1).accept();
    expect(link.url).to.equal(TWO);
    expect(socket(0).closed).to.be.true;
    expect(socket(2).closed).to.be.true;
    link.send('x');
    expect(socket(1).sent).to.include('x');
    expect(told.onOpen).to.have.property('callCount', 1);
  });

  it('does not say that it was down because the others were closed', async () => {
    connect(ONE, TWO);
    clock.tick(1_500);
    socket(1).accept();
    await turn();
    clock.tick(20_000);
    expect(told.onDown).to.have.property('called', false);
    expect(link.open).to.be.true;
  });

  it('takes the first after all where the second was only company', () => {
    connect(ONE, TWO);
    clock.tick(1_600);
    socket(0).accept();
    expect(link.url).to.equal(ONE);
    expect(socket(1).closed).to.be.true;
  });

  it('tries no second where the first opens in time', () => {
    connect(ONE, TWO);
    clock.tick(1_000);
    socket(0).accept();
    clock.tick(20_000);
    expect(tried()).to.have.length(1);
  });

  it('tries the second at once where the first is refused', () => {
    connect(ONE, TWO);
    clock.tick(20);
    socket(0).drop();
    expect(tried()).to.deep.equal([
      [ONE, 0],
      [TWO, 20],
    ]);
    expect(told.onDown).to.have.property('called', false);
  });

  it('tries the second at once where the page may not open the first', () => {
    connect('wss://forbidden.example/', TWO);
    expect(tried()).to.deep.equal([[TWO, 0]]);
    socket(0).accept();
    expect(link.open).to.be.true;
  });

  it('gives each its 1.5 s, also where the one before was refused late', () => {
    connect(ONE, TWO, THREE);
    clock.tick(1_400);
    socket(0).drop();
    clock.tick(1_499);
    expect(tried().map(([url]) => url)).to.deep.equal([ONE, TWO]);
    clock.tick(1);
    expect(tried().at(-1)).to.deep.equal([THREE, 2_900]);
  });

  it('is down where all were refused, and not before', () => {
    connect(ONE, TWO);
    socket(0).drop();
    clock.tick(1_000);
    expect(told.onDown).to.have.property('called', false);
    socket(1).drop();
    expect(told.onDown).to.have.property('callCount', 1);
    expect(clock.countTimers()).to.equal(0);
  });

  it('waits for the one that still opens where the other was refused', () => {
    connect(ONE, TWO);
    clock.tick(1_500);
    socket(1).drop();
    expect(told.onDown).to.have.property('called', false);
    clock.tick(3_000);
    socket(0).accept();
    expect(link.url).to.equal(ONE);
  });

  it('ends after 10 s in all where every one hangs', async () => {
    connect(ONE, TWO, THREE);
    await clock.tickAsync(10_000);
    expect(told.onDown).to.have.property('callCount', 1);
    expect(FakeWebSocket.all.every(({ closed }) => closed)).to.be.true;
    expect(clock.countTimers()).to.equal(0);
  });

  it('names the first of its gateways until one is open', () => {
    connect(ONE, TWO);
    expect(link.url).to.equal(ONE);
    socket(0).drop();
    socket(1).accept();
    expect(link.url).to.equal(TWO);
  });
});
