import { z } from 'zod';
import type { LimitSettings } from './limit-settings.js';
import { secondsPerDay, type LineLimits } from './line-limits.js';

const count = z.int('is not a whole number').positive('is not a number above 0');
const seconds = z.int('is not a whole number of seconds').positive('is not a number of seconds above 0');
const amount = z.number('is not a number').positive('is not a number above 0');

/** Counters in memory end by a timer, and one of more than 2^31 - 1 ms ends at once: nothing would be counted. */
const window = seconds.max(2_147_483, 'is more than 24 days');

const rateSchema = z.strictObject({ count, seconds: window }, 'is not a rate such as { "count": 100, "seconds": 60 }');

const lineLimitsObject = z
  .strictObject(
    {
      mints: rateSchema.optional(),
      concurrent: count.optional(),
      perDay: z
        .union(
          [z.strictObject({ seconds: amount }), z.strictObject({ money: amount, pricePerMinute: amount })],
          'is neither { "seconds" } nor { "money", "pricePerMinute" }, with numbers above 0',
        )
        .optional(),
      reserve: seconds.optional(),
    },
    'is no object',
  )
  .refine((limits) => secondsPerDay(limits as LineLimits) !== 0, {
    path: ['perDay'],
    message: 'leaves not even a second',
  });

/** What a line may use. */
// Zod says "or undefined" of everything that may be left out; in LineLimits it is left out.
export const lineLimitsSchema = lineLimitsObject as unknown as z.ZodType<LineLimits>;

const limitSettingsObject = z.strictObject(
  {
    address: z
      .strictObject(
        {
          soft: z.int('is not a whole number').min(0, 'is below 0').optional(),
          hard: count.optional(),
          seconds: window.optional(),
        },
        'is no object',
      )
      .optional(),
    renewals: rateSchema.optional(),
    longestCall: seconds.optional(),
    grace: seconds.optional(),
  },
  'is no object',
);

/** The settings of {@link createLimits} that can stand in a file. */
export const limitSettingsSchema = limitSettingsObject as unknown as z.ZodType<LimitSettings>;
