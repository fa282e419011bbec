import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import {
  checkLines,
  createLimits,
  type Limits,
  type LimitsOptions,
  type Line,
  type Lines,
} from '../../src/server/index.js';
import { dayOf } from '../../src/server/limits/day.js';
import { Refusal } from '../../src/server/http.js';
import { stores, startStores, stopStores } from './support/stores.js';

/** Noon of a day, in UTC. */
const NOON = Date.UTC(2027, 0, 15, 12);

const line = (limits: Line['limits'], rest: Partial<Line> = {}) => ({
  name: 'sales',
  line: { callee: 'sip:desk@example.test', ...(limits && { limits }), ...rest },
});

/** What was refused, as status and code; `passed` where nothing was. */
const outcome = async (asked: Promise<unknown>): Promise<string> =>
  await asked.then(
    () => 'passed',
    (error: unknown) => {
      if (error instanceof Refusal) return `${error.status} ${error.code}`;
      throw error;
    },
  );

const refused = async (asked: Promise<unknown>): Promise<Refusal> =>
  await asked.then(
    () => assert.fail('nothing was refused'),
    (error: unknown) => (error instanceof Refusal ? error : Promise.reject(error as Error)),
  );

before(startStores);
after(stopStores);

for (const [where, keep] of Object.entries(stores)) {
  describe(`limits ${where}`, () => {
    let now = NOON;
    let kept = keep();
    let limits: Limits;
    const create = (options: LimitsOptions = {}): Limits =>
      createLimits({ now: () => now, ...kept.server(), ...options });
    const book = (of: ReturnType<typeof line>, call: string, by = limits) => outcome(by.admitCall(of, call, 'tag'));

    beforeEach(() => {
      now = NOON;
      kept = keep();
      limits = create();
    });

    describe('by address', () => {
      const levels = async (times: number, addresses: readonly (string | undefined)[]) => {
        const counted = create({ address: { soft: 2, hard: 4 } });
        const seen: string[] = [];
        for (let index = 0; index < times; index++) {
          seen.push((await counted.countAddress(addresses[index % addresses.length])).level);
        }
        return seen;
      };

      it('have a soft level and a hard one', async () => {
        assert.deepEqual(await levels(5, ['192.0.2.1']), ['below', 'below', 'soft', 'soft', 'hard']);
      });

      it('count each IPv4 address alone', async () => {
        assert.deepEqual(await levels(4, ['192.0.2.1', '192.0.2.2']), ['below', 'below', 'below', 'below']);
      });

      it('count an IPv6 network of 64 bits as one, however its owner hops around in it', async () => {
        const hops = ['2001:db8::1', '2001:db8::ffff:1', '2001:db8:0:0:9::', '2001:DB8::2', '2001:db8:0::3'];
        assert.deepEqual(await levels(5, hops), ['below', 'below', 'soft', 'soft', 'hard']);
      });

      it('count IPv4 inside of IPv6 as IPv4', async () => {
        assert.equal((await levels(3, ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'])).at(-1), 'soft');
      });

      it('count together whom nobody knows the address of', async () => {
        assert.deepEqual(await levels(3, [undefined, 'nonsense', undefined]), ['below', 'below', 'soft']);
      });

      it('tell how far it is to the hard one, and when to come back', async () => {
        const counted = create({ address: { soft: 2, hard: 6, seconds: 100 } });
        for (let index = 0; index < 3; index++) await counted.countAddress('192.0.2.1');
        const { pressure, retryAfter } = await counted.countAddress('192.0.2.1');
        assert.equal(pressure, 0.5);
        assert.ok(retryAfter >= 1 && retryAfter <= 100);
      });
    });

    describe('by line', () => {
      it('hold new grants to their rate, and tell when to come back', async () => {
        const rated = line({ mints: { count: 2, seconds: 60 } });
        await limits.admitMint(rated);
        await limits.admitMint(rated);
        const { status, code, retryAfter = 0 } = await refused(limits.admitMint(rated));
        assert.deepEqual([status, code], [429, 'rate-limited']);
        assert.ok(retryAfter > 0 && retryAfter <= 60);
        assert.equal(await outcome(limits.admitMint({ ...rated, name: 'other' })), 'passed');
      });

      it('let so many calls be open at the same time, and the next when one of them has ended', async () => {
        const narrow = line({ concurrent: 2 });
        assert.deepEqual([await book(narrow, 'a'), await book(narrow, 'b')], ['passed', 'passed']);
        assert.equal(await book(narrow, 'c'), '403 busy');
        await limits.settleCall('a', 'tag', 5);
        assert.equal(await book(narrow, 'c'), 'passed');
      });

      it('let no more through when many come at the same moment', async () => {
        const narrow = line({ concurrent: 3 });
        const servers = [limits, create()];
        // Two servers share what is in Redis; in memory there is one.
        const by = (index: number) => servers[where === 'in Redis' ? index % 2 : 0]!;
        const asked = Array.from({ length: 40 }, (_, index) => book(narrow, `call-${index}`, by(index)));
        const answers = await Promise.all(asked);
        assert.equal(answers.filter((answer) => answer === 'passed').length, 3);
        assert.equal(answers.filter((answer) => answer === '403 busy').length, 37);
      });

      it('know a call that they have let through', async () => {
        const narrow = line({ concurrent: 1, perDay: { seconds: 100 } }, { maxDuration: 100 });
        assert.equal(await book(narrow, 'a'), 'passed');
        assert.equal(await book(narrow, 'a'), 'passed');
        assert.equal(await book(narrow, 'b'), '403 busy');
      });

      it('reserve what a call may cost as it begins, also when many come at the same moment', async () => {
        const thrifty = line({ perDay: { seconds: 1000 } }, { maxDuration: 300 });
        const asked = Array.from({ length: 20 }, (_, index) => book(thrifty, `call-${index}`));
        const answers = await Promise.all(asked);
        assert.equal(answers.filter((answer) => answer === 'passed').length, 3);
        assert.equal(answers.filter((answer) => answer === '403 rate-limited').length, 17);
      });

      it('settle a call by what it took, once', async () => {
        const thrifty = line({ perDay: { seconds: 600 } }, { maxDuration: 300 });
        await book(thrifty, 'a');
        await book(thrifty, 'b');
        assert.equal(await book(thrifty, 'c'), '403 rate-limited');
        await limits.settleCall('a', 'tag', 0.5);
        await limits.settleCall('a', 'tag', 0.5);
        assert.equal(await book(thrifty, 'c'), '403 rate-limited');
        await limits.settleCall('b', 'tag', 200);
        assert.equal(await book(thrifty, 'c'), 'passed');
        // 1 + 200 + 300 of 600 are gone.
        assert.equal(await book(line(thrifty.line.limits, { maxDuration: 100 }), 'd'), '403 rate-limited');
        assert.equal(await book(line(thrifty.line.limits, { maxDuration: 99 }), 'd'), 'passed');
      });

      it('take nothing for a call that nobody answered, and nothing back for a report that makes no sense', async () => {
        const thrifty = line({ perDay: { seconds: 300 } }, { maxDuration: 300 });
        for (const [index, seconds] of [undefined, 0, -5000, NaN, Infinity].entries()) {
          assert.equal(await book(thrifty, `${index}`), 'passed');
          await limits.settleCall(`${index}`, 'tag', seconds);
        }
        await book(thrifty, 'full');
        assert.equal(await book(thrifty, 'more'), '403 rate-limited');
      });

      it('count money as the time that it buys', async () => {
        const paid = line({ perDay: { money: 5, pricePerMinute: 0.5 } }, { maxDuration: 300 });
        assert.deepEqual([await book(paid, 'a'), await book(paid, 'b')], ['passed', 'passed']);
        assert.equal(await book(paid, 'c'), '403 rate-limited');
      });

      it('take an estimate for a call that has no longest time', async () => {
        const open = line({ perDay: { seconds: 100 }, reserve: 60 });
        assert.equal(await book(open, 'a'), 'passed');
        assert.equal(await book(open, 'b'), '403 rate-limited');
        assert.equal(await book(line({ perDay: { seconds: 1199 } }), 'c'), 'passed');
        assert.equal(await book(line({ perDay: { seconds: 1199 } }), 'd'), '403 rate-limited');
      });

      it('begin anew with the next day, where the line is', async () => {
        const nairobi = line({ perDay: { seconds: 300 } }, { maxDuration: 300, timeZone: 'Africa/Nairobi' });
        await book(nairobi, 'a');
        await limits.settleCall('a', 'tag', 300);
        now = Date.UTC(2027, 0, 15, 20, 59, 59);
        assert.equal(await book(nairobi, 'b'), '403 rate-limited');
        assert.equal((await refused(limits.admitMint(nairobi))).retryAfter, 1);
        now += 1000;
        assert.equal(await book(nairobi, 'b'), 'passed');
      });

      it('believe no more, after its longest time, that a call is open whose gateway has died', async () => {
        const narrow = line({ concurrent: 1, perDay: { seconds: 600 } }, { maxDuration: 300 });
        await book(narrow, 'orphan');
        now += 599_000;
        assert.equal(await book(narrow, 'next'), '403 busy');
        now += 1000;
        assert.equal(await book(narrow, 'next'), 'passed');
        // What the orphan cost nobody knows, so that its reserve stays spent.
        assert.equal(await book(line({ perDay: { seconds: 600 } }, { maxDuration: 1 }), 'third'), '403 rate-limited');
        // Unless somebody tells it after all.
        await limits.settleCall('orphan', 'tag', 10);
        assert.equal(await book(line({ perDay: { seconds: 600 } }, { maxDuration: 1 }), 'third'), 'passed');
      });

      it('refuse already the grant of a call that would find no room', async () => {
        const narrow = line({ concurrent: 1, perDay: { seconds: 600 } }, { maxDuration: 600 });
        assert.equal(await outcome(limits.admitMint(narrow)), 'passed');
        await book(narrow, 'a');
        const busy = await refused(limits.admitMint(narrow));
        assert.deepEqual([busy.status, busy.code, busy.retryAfter], [503, 'busy', 10]);
        // Running calls may give something back soon; without them it is tomorrow.
        const wide = line({ perDay: { seconds: 600 } }, { maxDuration: 600 });
        assert.equal((await refused(limits.admitMint(wide))).retryAfter, 60);
        await limits.settleCall('a', 'tag', 600);
        const spent = await refused(limits.admitMint(wide));
        assert.deepEqual([spent.status, spent.code, spent.retryAfter], [429, 'rate-limited', 43_200]);
      });

      it('leave a line without limits alone', async () => {
        const free = line(undefined);
        for (let index = 0; index < 200; index++) {
          assert.equal(await outcome(limits.admitMint(free)), 'passed');
          assert.equal(await book(free, `${index}`), 'passed');
        }
      });
    });

    it('by session hold renewals to a rate that no browser reaches', async () => {
      const rated = create({ renewals: { count: 2, seconds: 60 } });
      const renewals = [rated.admitRenewal('a'), rated.admitRenewal('a'), rated.admitRenewal('b')];
      assert.deepEqual(await Promise.all(renewals.map(outcome)), ['passed', 'passed', 'passed']);
      assert.equal(await outcome(rated.admitRenewal('a')), '429 rate-limited');
    });
  });
}

describe('limits', () => {
  const wrong: [unknown, RegExp][] = [
    [{ address: { soft: 10, hard: 10 } }, /soft is not below/],
    [{ address: { soft: 3000 } }, /soft is not below/],
    [{ address: { soft: -1 } }, /limits\.address\.soft/],
    [{ address: { seconds: 0 } }, /limits\.address\.seconds/],
    [{ address: { seconds: 2_592_000 } }, /limits\.address\.seconds is more than 24 days/],
    [{ address: { hart: 5 } }, /limits\.address\.hart is not known/],
    [{ renewals: { count: 1.5, seconds: 1 } }, /limits\.renewals\.count/],
    [{ grace: 'long' }, /limits\.grace/],
  ];
  for (const [settings, message] of wrong) {
    it(`do not begin with ${JSON.stringify(settings)}`, () => {
      assert.throws(() => createLimits(settings as LimitsOptions), message);
    });
  }

  const wrongLines: [unknown, RegExp][] = [
    [{ mints: { count: 0, seconds: 60 } }, /lines\.sales\.limits\.mints\.count/],
    [{ mints: { count: 100, seconds: 2_592_000 } }, /lines\.sales\.limits\.mints\.seconds is more than 24 days/],
    [{ mints: 5 }, /lines\.sales\.limits\.mints is not a rate/],
    [{ concurrent: 0 }, /lines\.sales\.limits\.concurrent/],
    [{ concurrent: 1.5 }, /lines\.sales\.limits\.concurrent/],
    [{ perDay: {} }, /lines\.sales\.limits\.perDay is neither/],
    [{ perDay: { money: 5 } }, /lines\.sales\.limits\.perDay is neither/],
    [{ perDay: { money: 0.001, pricePerMinute: 1 } }, /lines\.sales\.limits\.perDay leaves not even a second/],
    [{ reserve: -1 }, /lines\.sales\.limits\.reserve/],
    [{ perHour: 5 }, /lines\.sales\.limits\.perHour is not known/],
  ];
  for (const [limits, message] of wrongLines) {
    it(`of a line are not ${JSON.stringify(limits)}`, () => {
      const lines = { sales: { callee: 'sip:desk@example.test', limits } };
      assert.throws(() => checkLines(lines as Lines), message);
    });
  }

  it('know the day where clocks change', () => {
    const { name, end } = dayOf(Date.UTC(2027, 2, 28, 12), 'Europe/Berlin');
    assert.equal(name, '2027-03-28');
    assert.equal(end - dayOf(Date.UTC(2027, 2, 27, 12), 'Europe/Berlin').end, 23 * 3_600_000);
  });
});
