import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallEvent } from '../../src/server/index.js';
import { ActiveCalls } from '../../src/server/ready/active-calls.js';

const day = 86_400_000;

const event = (type: CallEvent['type'], callId: string): CallEvent => ({
  type,
  eventId: `${type} ${callId}`,
  callId,
  fromTag: 'tag',
  line: 'sales',
});

describe('the calls that go on', () => {
  it('are counted by line until they end', () => {
    const calls = new ActiveCalls();
    calls.note(event('started', 'one'));
    calls.note(event('started', 'two'));
    calls.note(event('ended', 'one'));
    assert.deepEqual([...calls.count()], [['sales', 1]]);
  });

  it('are forgotten after a day, also where nobody ever counts them', () => {
    let now = 0;
    const calls = new ActiveCalls(() => now);
    calls.note(event('started', 'unreported'));
    now = day;
    calls.note(event('started', 'next'));
    // Only with the clock set back could a call of yesterday show that it is still remembered.
    now = 0;
    assert.deepEqual([...calls.count()], [['sales', 1]]);
  });
});
