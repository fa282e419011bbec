import { callName } from '../call-name.js';
import { Refusal } from '../http.js';
import { countedAs, parseIp } from '../ip-address.js';
import type { Line } from '../line.js';
import { createRedisCounter } from '../redis/counter.js';
import { createRedisLedger } from '../redis/ledger.js';
import { DEFAULT_PREFIX, type RedisClient } from '../redis/redis-client.js';
import { validate } from '../validation.js';
import { createMemoryCounter } from './counter.js';
import { dayOf } from './day.js';
import { createMemoryLedger } from './ledger.js';
import type { AddressLimits, LimitSettings } from './limit-settings.js';
import { limitSettingsSchema } from './limits-schema.js';
import { reserveOf, secondsPerDay } from './line-limits.js';

export interface LimitsOptions extends LimitSettings {
  /** Counts in Redis, for several servers. Default: in this process's memory. */
  redis?: RedisClient;
  /** Put before every key in Redis. Default: `sautikit:`. */
  prefix?: string;
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
}

/** A line, or another name under which calls are counted together, and what it may use. */
export interface LimitedLine {
  name: string;
  line: Pick<Line, 'limits' | 'maxDuration' | 'timeZone'>;
}

/** Where an address stands. */
export interface AddressStanding {
  /** Whether it is below its limits, between the soft and the hard one, or above both. */
  level: 'below' | 'soft' | 'hard';
  /** How far it has come from the soft (0) to the hard limit (1). */
  pressure: number;
  /** When its window ends, in seconds. */
  retryAfter: number;
}

/** What the token endpoint asks before it gives a grant. */
export interface TokenLimits {
  /** Counts a new grant that an address asks for. What nobody knows the address of is counted together. */
  countAddress(address: string | undefined): Promise<AddressStanding>;
  /** Counts a new grant of a line. @throws {Refusal} 429, or 503 `busy` where a call would find no room right now */
  admitMint(line: LimitedLine): Promise<void>;
  /** Counts a renewal; neither address nor line stands in its way. @throws {Refusal} 429 */
  admitRenewal(sid: string): Promise<void>;
}

/** What the hook asks before it lets a call through. */
export interface CallLimits {
  /** Books a call; the same call again is booked already. @throws {Refusal} 403 `busy` or `rate-limited` */
  admitCall(line: LimitedLine, callId: string, fromTag: string): Promise<void>;
  /** The call is over. @param seconds how long it was answered; undefined: never */
  settleCall(callId: string, fromTag: string, seconds: number | undefined): Promise<void>;
}

export type Limits = TokenLimits & CallLimits;

/** Where all of a line's calls are in use: when to try again, in seconds. */
const RETRY_BUSY = 10;
/** Where running calls hold what the day has left, and may give some of it back: when to try again, in seconds. */
const RETRY_RESERVED = 60;

/** Limits by address and by line; give the same to the token endpoint and to the hook. */
export function createLimits(options: LimitsOptions = {}): Limits {
  const { redis, prefix = DEFAULT_PREFIX, now = Date.now, ...settings } = options;
  const { longestCall = 14_400, grace = 300 } = validate(limitSettingsSchema, settings, 'limits');
  const address: AddressLimits = { soft: 60, hard: 2000, seconds: 600, ...options.address };
  const renewals = options.renewals ?? { count: 30, seconds: 300 };
  if (address.soft >= address.hard) throw new TypeError('limits.address.soft is not below limits.address.hard');
  const counter = redis ? createRedisCounter(redis, prefix) : createMemoryCounter();
  const ledger = redis ? createRedisLedger(redis, prefix, now) : createMemoryLedger(now);

  return {
    async countAddress(text) {
      const ip = text === undefined ? undefined : parseIp(text);
      const { count, retryAfter } = await counter.count(`address:${ip ? countedAs(ip) : 'unknown'}`, address.seconds);
      const level = count > address.hard ? 'hard' : count > address.soft ? 'soft' : 'below';
      const pressure = Math.min(Math.max((count - address.soft) / (address.hard - address.soft), 0), 1);
      return { level, pressure, retryAfter };
    },

    async admitMint({ name, line: { limits = {}, maxDuration, timeZone } }) {
      const { mints, concurrent = Infinity } = limits;
      const perDay = secondsPerDay(limits) ?? Infinity;
      if (concurrent < Infinity || perDay < Infinity) {
        const day = dayOf(now(), timeZone);
        const { calls, spent } = await ledger.standing(name, day.name);
        if (calls >= concurrent) throw new Refusal(503, 'busy', RETRY_BUSY);
        const untilTomorrow = Math.max(1, Math.ceil((day.end - now()) / 1000));
        if (spent + reserveOf(limits, maxDuration) > perDay) {
          throw new Refusal(429, 'rate-limited', calls > 0 ? Math.min(RETRY_RESERVED, untilTomorrow) : untilTomorrow);
        }
      }
      if (!mints) return;
      const { count, retryAfter } = await counter.count(`line:${name}`, mints.seconds);
      if (count > mints.count) throw new Refusal(429, 'rate-limited', retryAfter);
    },

    async admitRenewal(sid) {
      const { count, retryAfter } = await counter.count(`renewals:${sid}`, renewals.seconds);
      if (count > renewals.count) throw new Refusal(429, 'rate-limited', retryAfter);
    },

    async admitCall({ name, line: { limits = {}, maxDuration, timeZone } }, callId, fromTag) {
      const booked = await ledger.book({
        call: callName(callId, fromTag),
        line: name,
        day: dayOf(now(), timeZone).name,
        concurrent: limits.concurrent,
        perDay: secondsPerDay(limits),
        reserve: reserveOf(limits, maxDuration),
        until: now() + ((maxDuration ?? longestCall) + grace) * 1000,
      });
      if (booked === 'busy') throw new Refusal(403, 'busy');
      if (booked === 'overspent') throw new Refusal(403, 'rate-limited');
    },

    async settleCall(callId, fromTag, seconds = 0) {
      // A report that makes no sense must not make the day free.
      const known = Number.isFinite(seconds) && seconds > 0;
      await ledger.settle(callName(callId, fromTag), known ? seconds : 0);
    },
  };
}
