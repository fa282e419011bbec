import { expect } from '@open-wc/testing';
import { isLive, nextCallState, type CallEvent, type CallState } from '../../src/call/call-machine.js';
import { reachable } from './support/paths.js';

const states: CallState[] = ['idle', 'preparing', 'dialing', 'ringing', 'active', 'ending', 'ended', 'failed'];
const events: CallEvent[] = ['start', 'offer', 'dial', 'ring', 'answer', 'hangup', 'end', 'fail', 'reset'];

/** The picture of the call machine, arrow by arrow; what is not drawn here has no meaning. */
const arrows: Record<CallState, Partial<Record<CallEvent, CallState>>> = {
  idle: { start: 'preparing', offer: 'ringing' },
  preparing: { dial: 'dialing', hangup: 'ending', end: 'ended', fail: 'failed' },
  dialing: { ring: 'ringing', answer: 'active', hangup: 'ending', end: 'ended', fail: 'failed' },
  ringing: { answer: 'active', hangup: 'ending', end: 'ended', fail: 'failed' },
  active: { hangup: 'ending', end: 'ended', fail: 'failed' },
  ending: { end: 'ended', fail: 'ended' },
  ended: { start: 'preparing', offer: 'ringing', reset: 'idle' },
  failed: { start: 'preparing', offer: 'ringing', reset: 'idle' },
};

const walk = (...path: CallEvent[]) =>
  path.reduce<CallState | undefined>((state, event) => state && nextCallState(state, event), 'idle');

describe('the call machine', () => {
  for (const state of states) {
    for (const event of events) {
      const to = arrows[state][event];
      it(`in ${state}, ${event} ${to ? `leads to ${to}` : 'changes nothing'}`, () => {
        expect(nextCallState(state, event)).to.equal(to);
      });
    }
  }

  it('carries a whole call from the click to the end', () => {
    expect(walk('start', 'dial', 'ring', 'answer', 'hangup', 'end')).to.equal('ended');
  });

  it('takes an answer that came without ringing', () => {
    expect(walk('start', 'dial', 'answer')).to.equal('active');
  });

  it('carries a call from outside', () => {
    expect(walk('offer', 'answer', 'end')).to.equal('ended');
  });

  it('lets a caller hang up from the click on', () => {
    expect(walk('start', 'hangup')).to.equal('ending');
    expect(walk('start', 'dial', 'hangup')).to.equal('ending');
    expect(walk('start', 'dial', 'ring', 'hangup')).to.equal('ending');
  });

  it('ignores an answer that crosses a hang-up', () => {
    expect(walk('start', 'dial', 'ring', 'hangup', 'answer')).to.be.undefined;
  });

  it('takes a failure during a hang-up for the end that the caller wished', () => {
    expect(walk('start', 'dial', 'hangup', 'fail')).to.equal('ended');
  });

  it('never starts a second call during the first', () => {
    for (const state of states.filter(isLive)) {
      expect(nextCallState(state, 'start'), state).to.be.undefined;
      expect(nextCallState(state, 'offer'), state).to.be.undefined;
    }
  });

  it('is live from the click to the end, and not before or after', () => {
    expect(states.filter(isLive)).to.deep.equal(['preparing', 'dialing', 'ringing', 'active', 'ending']);
  });

  it('ends from every live state without the caller doing anything', () => {
    for (const state of states.filter(isLive)) expect(nextCallState(state, 'end'), state).to.equal('ended');
  });

  it('has no dead end: every state leads back to idle', () => {
    for (const state of states) expect([...reachable(state, events, nextCallState)], state).to.include('idle');
  });

  it('can call again at once after a call', () => {
    for (const state of states) {
      const again = [...reachable(state, events, nextCallState)].filter((one) => nextCallState(one, 'start'));
      expect(again, state).not.to.be.empty;
    }
  });

  it('reaches every state from idle', () => {
    expect([...reachable('idle' as CallState, events, nextCallState)]).to.have.members(states);
  });
});
