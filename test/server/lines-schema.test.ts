import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkLines, parseLines, type Line } from '../../src/server/index.js';

const sales: Line = { callee: 'sip:desk@example.test' };

/** What is said about a line that has these fields, or nothing where it is well. */
function complaint(fields: Record<string, unknown>, name = 'sales'): string {
  try {
    checkLines({ [name]: { ...sales, ...fields } as Line });
    return '';
  } catch (error) {
    return (error as TypeError).message;
  }
}

describe('the lines of a configuration', () => {
  it('are well with everything that a line can have', () => {
    const full: Line = {
      callee: 'sips:desk@example.test:5061;transport=tls',
      callerId: '+254700000001',
      maxDuration: 600,
      dtmf: false,
      headers: { 'X-Line': 'sales' },
      hours: { mon: ['08:00-12:30', '13:30-24:00'], fri: ['22:00-02:00'], exceptions: { '2026-12-25': [] } },
      timeZone: 'Africa/Nairobi',
      contextHeaders: { campaign: 'X-Campaign' },
    };
    assert.deepEqual(parseLines(JSON.stringify({ sales: full })), { sales: full });
  });

  const wrong: [string, Record<string, unknown>][] = [
    ['lines.sales.callee', { callee: '+254700000001' }],
    ['lines.sales.callee', { callee: 'sip:a@b\r\nRoute: x' }],
    ['lines.sales.callee', { callee: undefined }],
    ['lines.sales.callerId', { callerId: 'Sales <sip:a@b>' }],
    ['lines.sales.maxDuration', { maxDuration: 0 }],
    ['lines.sales.maxDuration', { maxDuration: '600' }],
    ['lines.sales.dtmf', { dtmf: 'no' }],
    ['lines.sales.number', { number: '+254700000001' }],
    ['lines.sales.headers.Route', { headers: { Route: '<sip:evil>' } }],
    ['lines.sales.headers["X-A"]', { headers: { 'X-A': 'a\nb' } }],
    ['lines.sales.contextHeaders.campaign', { contextHeaders: { campaign: 'Diversion' } }],
    ['lines.sales.contextHeaders', { headers: { 'X-A': '1' }, contextHeaders: { campaign: 'x-a' } }],
    ['lines.sales.timeZone', { timeZone: 'Nairobi' }],
    ['lines.sales.timeZone', { timeZone: '+03:00' }],
    ['lines.sales.timeZone', { hours: {} }],
    ['lines.sales.hours.mon[0]', { timeZone: 'UTC', hours: { mon: ['8:00-17:00'] } }],
    ['lines.sales.hours.mon[1]', { timeZone: 'UTC', hours: { mon: ['08:00-12:00', '13:00-24:01'] } }],
    ['lines.sales.hours.sun[0]', { timeZone: 'UTC', hours: { sun: ['08:00-08:00'] } }],
    ['lines.sales.hours.tue', { timeZone: 'UTC', hours: { tue: '08:00-12:00' } }],
    ['lines.sales.hours.monday', { timeZone: 'UTC', hours: { monday: [] } }],
    ['lines.sales.hours.exceptions["2026-02-29"]', { timeZone: 'UTC', hours: { exceptions: { '2026-02-29': [] } } }],
    ['lines.sales.hours.exceptions["25.12."]', { timeZone: 'UTC', hours: { exceptions: { '25.12.': [] } } }],
  ];
  for (const [path, fields] of wrong) {
    it(`are refused with the path ${path} for ${JSON.stringify(fields)}`, () => {
      assert.ok(complaint(fields).startsWith(`${path} `), complaint(fields));
    });
  }

  it('are refused with all that is wrong at once, and none of the values', () => {
    const said = complaint({ callee: 'secret-number', maxDuration: -1 }).split('\n');
    assert.deepEqual(said, [
      'lines.sales.callee is not a SIP URI',
      'lines.sales.maxDuration is not a number of seconds above 0',
    ]);
  });

  it('are refused with more headers than a gateway takes', () => {
    const headers = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`X-${index}`, 'a']));
    assert.match(complaint({ headers }), /^lines\.sales has more than 10/);
  });

  it('have names that a path can show', () => {
    assert.match(complaint({ callee: 'x' }, 'nairobi west'), /^lines\["nairobi west"\]\.callee /);
    assert.match(complaint({}, ''), /^lines\[""\] /);
    assert.match(complaint({}, 'a\nb'), /^lines\["a\\nb"\] /);
  });

  it('come from nothing but a JSON object', () => {
    assert.throws(() => parseLines('{'), /^TypeError: The lines are not JSON/);
    for (const json of ['[]', 'null', '"sales"'])
      assert.throws(() => parseLines(json), /^TypeError: lines is no object/);
  });
});
