import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers, type SinonStub } from 'sinon';
import { Recovery } from '../../src/client/recovery.js';
import type { ReinviteResult } from '../../src/sip/sip-session.js';
import { fakeTime, turn } from './support/fake-time.js';

/** The gateway's, and the time after it in which a call may still be had. */
const GRACE = 60_000 + 15_000;

let clock: SinonFakeTimers;
let random: SinonStub;
let recovery: Recovery;
/** What the world is like. */
let connected: boolean;
let flows: boolean;
/** What happened, in order. */
let log: string[];
/** The re-INVITEs that wait for an answer. */
let open: ((result: ReinviteResult) => void)[];
let refreshed: () => Promise<void>;

beforeEach(() => {
  clock = fakeTime();
  random = sinon.stub(Math, 'random').returns(0);
  [connected, flows, log, open] = [true, true, [], []];
  refreshed = () => Promise.resolve();
  recovery = new Recovery({
    connected: () => connected,
    mediaFlows: () => flows,
    refreshIceServers: () => {
      log.push('ice servers');
      return refreshed();
    },
    reinvite: (iceRestart) => {
      log.push(iceRestart ? 'restart' : 'reinvite');
      return new Promise((resolve) => open.push(resolve));
    },
    onChange: (recovering) => log.push(recovering ? 'recovering' : 'recovered'),
    onLost: () => log.push('lost'),
  });
});

afterEach(() => {
  recovery.stop();
  clock.restore();
  sinon.restore();
});

/** The far end answers the re-INVITE that waits. */
async function answer(result: ReinviteResult): Promise<void> {
  open.shift()!(result);
  await turn();
}

async function signalling(there: boolean, pathGone = false): Promise<void> {
  connected = there;
  if (there) recovery.signallingRestored();
  else recovery.signallingLost(pathGone);
  await turn();
}

async function media(there: boolean): Promise<void> {
  flows = there;
  if (there) recovery.mediaRestored();
  else recovery.mediaLost();
  await turn();
}

const reinvites = () => log.filter((entry) => entry === 'reinvite' || entry === 'restart');

describe('a call whose connection went away', () => {
  it('says nothing in the dialog while it is offline', async () => {
    await signalling(false);
    await clock.tickAsync(GRACE - 1);
    expect(log).to.deep.equal(['recovering']);
    expect(recovery.recovering).to.be.true;
  });

  it('tells the far end where it is as soon as it is back, and is whole again', async () => {
    await signalling(false);
    await signalling(true);
    expect(log).to.deep.equal(['recovering', 'reinvite']);
    await answer('done');
    expect(log).to.deep.equal(['recovering', 'reinvite', 'recovered']);
    expect(recovery.recovering).to.be.false;
    expect(clock.countTimers()).to.equal(0);
  });

  it('restarts ICE where the voice is gone too, with fresh servers first', async () => {
    await signalling(false);
    await media(false);
    await signalling(true);
    expect(log).to.deep.equal(['recovering', 'ice servers', 'restart']);
    await answer('done');
    expect(recovery.recovering).to.be.true;
    await media(true);
    expect(log.at(-1)).to.equal('recovered');
    expect(clock.countTimers()).to.equal(0);
  });

  it('restarts ICE, once, where the way of its signalling is gone, though nobody has missed the voice yet', async () => {
    await signalling(false, true);
    await signalling(true);
    expect(log).to.deep.equal(['recovering', 'ice servers', 'restart']);
    await answer('refused');
    await clock.tickAsync(2_100);
    expect(reinvites()).to.deep.equal(['restart', 'restart']);
    await answer('done');
    expect(log.at(-1)).to.equal('recovered');
    await signalling(false);
    await signalling(true);
    expect(reinvites().at(-1)).to.equal('reinvite');
  });

  it('is not whole by its voice alone, as long as the far end does not know where it is', async () => {
    await signalling(false);
    await media(false);
    await media(true);
    expect(recovery.recovering).to.be.true;
    await signalling(true);
    await answer('done');
    expect(recovery.recovering).to.be.false;
  });

  it('tries again 2.1 to 4 s after a refusal', async () => {
    await signalling(false);
    await signalling(true);
    await answer('refused');
    await clock.tickAsync(2_099);
    expect(reinvites()).to.have.length(1);
    await clock.tickAsync(1);
    expect(reinvites()).to.have.length(2);
    random.returns(1);
    await answer('refused');
    await clock.tickAsync(3_999);
    expect(reinvites()).to.have.length(2);
    await clock.tickAsync(1);
    expect(reinvites()).to.have.length(3);
    await answer('done');
    expect(log.at(-1)).to.equal('recovered');
  });

  it('is lost some time after the grace of 60 s where there is no voice', async () => {
    await signalling(false);
    flows = false;
    await clock.tickAsync(GRACE - 1);
    expect(log).not.to.include('lost');
    await clock.tickAsync(1);
    expect(log).to.deep.equal(['recovering', 'lost']);
    expect(clock.countTimers()).to.equal(0);
  });

  it('goes on past the grace while there is a voice, and is lost with it', async () => {
    await signalling(false);
    await clock.tickAsync(10 * GRACE);
    expect(log).to.deep.equal(['recovering']);
    flows = false;
    recovery.mediaLost();
    expect(log).to.deep.equal(['recovering', 'lost']);
    expect(clock.countTimers()).to.equal(0);
  });

  it('comes back past the grace, and then has a new one', async () => {
    await signalling(false);
    await clock.tickAsync(2 * GRACE);
    await signalling(true);
    await answer('done');
    expect(log.at(-1)).to.equal('recovered');
    await media(false);
    expect(log).not.to.include('lost');
    await clock.tickAsync(GRACE);
    expect(log.at(-1)).to.equal('lost');
  });

  it('is not given more time by a connection that comes and goes', async () => {
    await signalling(false);
    for (let i = 0; i < 5; i++) {
      await clock.tickAsync(10_000);
      await signalling(true);
      await answer('refused');
      await signalling(false);
    }
    flows = false;
    await clock.tickAsync(25_000);
    expect(log.filter((entry) => entry === 'lost')).to.have.length(1);
    expect(log.filter((entry) => entry === 'recovering')).to.have.length(1);
  });

  it('has a new grace where it was whole in between', async () => {
    await signalling(false);
    await clock.tickAsync(50_000);
    await signalling(true);
    await answer('done');
    await signalling(false);
    await clock.tickAsync(50_000);
    expect(log).not.to.include('lost');
    flows = false;
    await clock.tickAsync(25_000);
    expect(log.at(-1)).to.equal('lost');
  });

  it('is lost at once where the gateway knows it no more', async () => {
    await signalling(false);
    await signalling(true);
    await answer('gone');
    expect(log).to.deep.equal(['recovering', 'reinvite', 'lost']);
    expect(clock.countTimers()).to.equal(0);
  });

  it('has one re-INVITE at a time', async () => {
    await signalling(false);
    await signalling(true);
    await signalling(true);
    await media(false);
    expect(reinvites()).to.have.length(1);
  });

  it('starts anew where the connection went away under its re-INVITE', async () => {
    await signalling(false);
    await signalling(true);
    await signalling(false);
    await answer('refused');
    await clock.tickAsync(10_000);
    expect(reinvites()).to.have.length(1);
    await signalling(true);
    expect(reinvites()).to.have.length(2);
  });

  it('needs nothing where only the restoration is told', async () => {
    await signalling(true);
    expect(log).to.be.empty;
  });
});

describe('a call whose voice went away', () => {
  it('restarts ICE at once where it is connected', async () => {
    await media(false);
    expect(log).to.deep.equal(['recovering', 'ice servers', 'restart']);
    await answer('done');
    await media(true);
    expect(log.at(-1)).to.equal('recovered');
  });

  it('restarts again where nothing is heard 6 s after the answer', async () => {
    await media(false);
    await answer('done');
    await clock.tickAsync(5_999);
    expect(reinvites()).to.have.length(1);
    await clock.tickAsync(1);
    expect(reinvites()).to.deep.equal(['restart', 'restart']);
  });

  it('is whole again where it heals by itself before the restart is answered', async () => {
    await media(false);
    await media(true);
    expect(recovery.recovering).to.be.false;
    await answer('done');
    await clock.tickAsync(GRACE);
    expect(log.filter((entry) => entry === 'recovered')).to.have.length(1);
    expect(reinvites()).to.have.length(1);
  });

  it('waits for the connection where that is gone as well', async () => {
    await signalling(false);
    await media(false);
    await clock.tickAsync(20_000);
    expect(log).to.deep.equal(['recovering']);
  });

  it('is lost after the grace, however often it was restarted', async () => {
    await media(false);
    for (let i = 0; i < 12; i++) {
      await answer('done');
      await clock.tickAsync(6_000);
    }
    await clock.tickAsync(6_000);
    expect(log.filter((entry) => entry === 'lost')).to.have.length(1);
  });
});

describe('a call that ends while it is being brought back', () => {
  it('sends nothing more and leaves no timer', async () => {
    await signalling(false);
    recovery.stop();
    expect(clock.countTimers()).to.equal(0);
    await signalling(true);
    await media(false);
    expect(log).to.deep.equal(['recovering']);
  });

  it('sends nothing once its fresh ICE servers are there', async () => {
    let arrive!: () => void;
    refreshed = () => new Promise((resolve) => (arrive = resolve));
    await media(false);
    recovery.stop();
    arrive();
    await turn();
    expect(reinvites()).to.be.empty;
  });

  it('is not lost on top', async () => {
    await media(false);
    recovery.stop();
    await answer('gone');
    await clock.tickAsync(GRACE);
    expect(log).not.to.include('lost');
    expect(clock.countTimers()).to.equal(0);
  });
});
