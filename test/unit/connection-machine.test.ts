import { expect } from '@open-wc/testing';
import { nextConnectionState, type ConnectionEvent, type ConnectionState } from '../../src/call/connection-machine.js';
import { reachable } from './support/paths.js';

const states: ConnectionState[] = ['offline', 'connecting', 'registered', 'reconnecting', 'closed'];
const events: ConnectionEvent[] = ['connect', 'ready', 'lost', 'fail', 'close'];

/** The picture of the connection machine, arrow by arrow; what is not drawn here has no meaning. */
const arrows: Record<ConnectionState, Partial<Record<ConnectionEvent, ConnectionState>>> = {
  offline: { connect: 'connecting', ready: 'registered', lost: 'reconnecting' },
  connecting: { ready: 'registered', fail: 'offline', close: 'closed' },
  registered: { lost: 'reconnecting', fail: 'offline', close: 'closed' },
  reconnecting: { ready: 'registered', fail: 'offline', close: 'closed' },
  closed: { connect: 'connecting' },
};

const walk = (...path: ConnectionEvent[]) =>
  path.reduce<ConnectionState | undefined>((state, event) => state && nextConnectionState(state, event), 'offline');

describe('the connection machine', () => {
  for (const state of states) {
    for (const event of events) {
      const to = arrows[state][event];
      it(`in ${state}, ${event} ${to ? `leads to ${to}` : 'changes nothing'}`, () => {
        expect(nextConnectionState(state, event)).to.equal(to);
      });
    }
  }

  it('comes back as often as it is lost', () => {
    expect(walk('connect', 'ready', 'lost', 'ready', 'lost', 'ready')).to.equal('registered');
  });

  it('connects again after it was closed, and after it failed', () => {
    expect(walk('connect', 'ready', 'close', 'connect', 'ready')).to.equal('registered');
    expect(walk('connect', 'fail', 'connect', 'ready')).to.equal('registered');
    expect(walk('connect', 'ready', 'lost', 'fail', 'connect')).to.equal('connecting');
  });

  it('is lost only where it was there, registered or not', () => {
    expect(states.filter((state) => nextConnectionState(state, 'lost'))).to.deep.equal(['offline', 'registered']);
  });

  it('ignores what the network says after the close', () => {
    expect(walk('connect', 'close', 'ready')).to.be.undefined;
    expect(walk('connect', 'ready', 'close', 'lost')).to.be.undefined;
  });

  it('has no dead end: from every state there is a way to connect', () => {
    for (const state of states) {
      const ways = reachable(state, events, nextConnectionState);
      expect(
        [...ways].filter((one) => nextConnectionState(one, 'connect')),
        state,
      ).not.to.be.empty;
      expect([...ways], state).to.include('registered');
    }
  });
});
