import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closesAt, isOpen, opensAt, type Openable } from '../../src/server/hours.js';

const office = ['08:00-12:30', '13:30-17:00'];
const nairobi: Openable = {
  timeZone: 'Africa/Nairobi',
  hours: {
    mon: office,
    tue: office,
    wed: office,
    thu: office,
    fri: office,
    exceptions: { '2026-12-25': [], '2026-12-26': ['10:00-12:00'] },
  },
};

const at = (text: string): Date => new Date(text);
const opens = (line: Openable, after: string): string | undefined => opensAt(line, at(after))?.toISOString();

describe('opening hours', () => {
  it('are those of the line, not of the server', () => {
    assert.equal(isOpen(nairobi, at('2026-11-23T07:59:59+03:00')), false);
    assert.equal(isOpen(nairobi, at('2026-11-23T08:00:00+03:00')), true);
    assert.equal(isOpen(nairobi, at('2026-11-23T04:59:59Z')), false);
    assert.equal(isOpen(nairobi, at('2026-11-23T05:00:00Z')), true);
  });

  it('may be shared by lines in different time zones', () => {
    const hours = { mon: ['08:00-17:00'] };
    assert.equal(isOpen({ hours, timeZone: 'Africa/Nairobi' }, at('2026-11-23T06:00:00Z')), true);
    assert.equal(isOpen({ hours, timeZone: 'America/New_York' }, at('2026-11-23T06:00:00Z')), false);
  });

  it('end with the moment that they name', () => {
    assert.equal(isOpen(nairobi, at('2026-11-23T12:29:59.999+03:00')), true);
    assert.equal(isOpen(nairobi, at('2026-11-23T12:30:00+03:00')), false);
    assert.equal(closesAt(nairobi, at('2026-11-23T09:00:00+03:00'))?.toISOString(), '2026-11-23T09:30:00.000Z');
    assert.equal(closesAt(nairobi, at('2026-11-23T13:00:00+03:00')), undefined);
  });

  it('open next after the break, on the next day, after the weekend', () => {
    assert.equal(opens(nairobi, '2026-11-23T13:00:00+03:00'), '2026-11-23T10:30:00.000Z');
    assert.equal(opens(nairobi, '2026-11-23T17:00:00+03:00'), '2026-11-24T05:00:00.000Z');
    assert.equal(opens(nairobi, '2026-11-27T17:00:00+03:00'), '2026-11-30T05:00:00.000Z');
  });

  it('differ on the days that are excepted', () => {
    assert.equal(isOpen(nairobi, at('2026-12-25T09:00:00+03:00')), false);
    assert.equal(isOpen(nairobi, at('2026-12-26T11:00:00+03:00')), true);
    assert.equal(opens(nairobi, '2026-12-24T17:00:00+03:00'), '2026-12-26T07:00:00.000Z');
  });

  it('are always, where a line has none', () => {
    assert.equal(isOpen({}, at('2026-11-22T03:00:00Z')), true);
    assert.equal(opens({}, '2026-11-22T03:00:00Z'), undefined);
  });

  it('give the same answer a second time, whatever was asked in between', () => {
    const moments = ['2026-11-23T09:00:00+03:00', '2026-11-23T20:00:00+03:00', '2026-11-22T09:00:00+03:00'];
    const answers = () => moments.map((moment) => isOpen(nairobi, at(moment)));
    assert.deepEqual(answers(), [true, false, false]);
    assert.deepEqual(answers(), [true, false, false]);
    moments.reverse();
    assert.deepEqual(answers(), [false, false, true]);
  });
});

describe('opening hours across midnight', () => {
  const night: Openable = { timeZone: 'Africa/Nairobi', hours: { fri: ['22:00-02:00'], exceptions: {} } };

  it('belong to the day that they begin on', () => {
    assert.equal(isOpen(night, at('2026-11-27T23:00:00+03:00')), true);
    assert.equal(isOpen(night, at('2026-11-28T01:59:59+03:00')), true);
    assert.equal(isOpen(night, at('2026-11-28T02:00:00+03:00')), false);
    assert.equal(isOpen(night, at('2026-11-27T01:00:00+03:00')), false);
  });

  it('go on into a day that is excepted, and do not begin on it', () => {
    const holiday: Openable = {
      timeZone: 'Africa/Nairobi',
      hours: { thu: ['22:00-02:00'], fri: ['22:00-02:00'], exceptions: { '2026-12-25': [] } },
    };
    assert.equal(isOpen(holiday, at('2026-12-25T01:00:00+03:00')), true);
    assert.equal(isOpen(holiday, at('2026-12-25T23:00:00+03:00')), false);
  });

  it('have no gap between a day that is open to its end and the next', () => {
    const always: Openable = { timeZone: 'Africa/Nairobi', hours: { mon: ['00:00-24:00'], tue: ['00:00-24:00'] } };
    assert.equal(isOpen(always, at('2026-11-23T23:59:59.999+03:00')), true);
    assert.equal(isOpen(always, at('2026-11-24T00:00:00+03:00')), true);
    assert.equal(isOpen(always, at('2026-11-25T00:00:00+03:00')), false);
  });
});

describe('opening hours where clocks change', () => {
  // In Berlin 02:00 becomes 03:00 on 28 March 2027, and 03:00 becomes 02:00 on 31 October 2027.
  const berlin = (span: string): Openable => ({ timeZone: 'Europe/Berlin', hours: { sun: [span] } });

  it('keep to the clock on the wall, in summer as in winter', () => {
    const line: Openable = { timeZone: 'Europe/Berlin', hours: { sat: ['09:00-17:00'], mon: ['09:00-17:00'] } };
    assert.equal(opens(line, '2027-03-27T00:00:00Z'), '2027-03-27T08:00:00.000Z');
    assert.equal(opens(line, '2027-03-28T00:00:00Z'), '2027-03-29T07:00:00.000Z');
  });

  it('move a time that does not exist by the jump of the clock', () => {
    assert.equal(opens(berlin('02:30-06:00'), '2027-03-28T00:00:00Z'), '2027-03-28T01:30:00.000Z');
    const untilGap = berlin('00:00-02:30');
    assert.equal(closesAt(untilGap, at('2027-03-28T00:00:00Z'))?.toISOString(), '2027-03-28T01:30:00.000Z');
  });

  it('pass over a span that the jump swallows', () => {
    assert.equal(opens(berlin('02:00-03:00'), '2027-03-28T00:00:00Z'), '2027-04-04T00:00:00.000Z');
    assert.equal(isOpen(berlin('02:00-03:00'), at('2027-03-28T01:00:00Z')), false);
  });

  it('count the first of two times that are the same on the clock, and neither close nor open twice', () => {
    const line = berlin('02:30-05:00');
    assert.equal(opens(line, '2027-10-31T00:00:00Z'), '2027-10-31T00:30:00.000Z');
    for (const minute of ['00:30', '00:59', '01:00', '01:29', '01:30', '03:59']) {
      assert.equal(isOpen(line, at(`2027-10-31T${minute}:00Z`)), true, minute);
    }
    assert.equal(isOpen(line, at('2027-10-31T04:00:00Z')), false);
  });

  it('begin the day at its first moment where midnight does not exist', () => {
    // In Cairo clocks go from 00:00 to 01:00 on the last Friday of April.
    const cairo: Openable = { timeZone: 'Africa/Cairo', hours: { thu: ['20:00-24:00'], fri: ['00:00-06:00'] } };
    assert.equal(isOpen(cairo, at('2027-04-29T21:59:59Z')), true);
    assert.equal(isOpen(cairo, at('2027-04-29T22:00:00Z')), true);
    assert.equal(isOpen(cairo, at('2027-04-30T03:00:00Z')), false);
  });
});

describe('a line that seldom opens', () => {
  it('says when, across weeks of exceptions', () => {
    const closed = Array.from({ length: 12 }, (_, week) => [
      new Date(Date.UTC(2026, 10, 23 + 7 * week)).toISOString().slice(0, 10),
      [],
    ]);
    const line: Openable = { timeZone: 'UTC', hours: { mon: ['09:00-10:00'], exceptions: Object.fromEntries(closed) } };
    assert.equal(opens(line, '2026-11-23T00:00:00Z'), '2027-02-15T09:00:00.000Z');
  });

  it('opens on an exception alone, also in another year', () => {
    const line: Openable = { timeZone: 'UTC', hours: { exceptions: { '2028-02-29': ['09:00-10:00'] } } };
    assert.equal(opens(line, '2026-11-23T00:00:00Z'), '2028-02-29T09:00:00.000Z');
    assert.equal(opens(line, '2028-02-29T09:00:00Z'), undefined);
  });

  it('says nothing where it never does', () => {
    for (const hours of [{}, { mon: [] }, { mon: [], exceptions: { '2020-01-01': ['09:00-10:00'] } }]) {
      const line: Openable = { timeZone: 'UTC', hours };
      assert.equal(isOpen(line, at('2026-11-23T12:00:00Z')), false);
      assert.equal(opens(line, '2026-11-23T12:00:00Z'), undefined);
    }
  });
});
