import { z } from 'zod';
import type { DialRules } from './dialing.js';
import { lineLimitsSchema } from './limits/limits-schema.js';
import { callerIdSchema, sipUriSchema } from './lines-schema.js';
import type { OwnedNumber, Numbers } from './numbers.js';

const seconds = z.number('is not a number of seconds').positive('is not a number of seconds above 0');

const prefixSchema = z
  .string('is not a text')
  .regex(/^\+[1-9][0-9]{0,14}$/, 'is not the beginning of a number in international form, such as "+254"');

const hostSchema = z
  .string('is not a text')
  .regex(/^[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?$/, 'is not the name of a host');

const dialObject = z.strictObject(
  {
    allow: z.array(prefixSchema, 'is not a list of prefixes'),
    deny: z.array(prefixSchema, 'is not a list of prefixes').optional(),
    domain: hostSchema.optional(),
    callerIds: z.array(callerIdSchema, 'is not a list of caller ids').optional(),
    callerId: callerIdSchema.optional(),
    maxDuration: seconds.optional(),
    limits: lineLimitsSchema.optional(),
  },
  'is no object',
);

/** What signed-in callers may dial. */
// Zod says "or undefined" of everything that may be left out; in the type it is left out.
export const dialSchema = dialObject as unknown as z.ZodType<DialRules>;

const numberObject = z
  .strictObject(
    {
      ring: z.array(
        z.string('is not a text').regex(/^[A-Za-z0-9._~+-]{1,64}$/, 'is not the user part of a SIP address'),
        'is not a list of user parts',
      ),
      fallback: sipUriSchema.optional(),
      ringSeconds: seconds.max(300, 'is more than 300 seconds').optional(),
      maxDuration: seconds.optional(),
    },
    'is no object',
  )
  .refine(({ ring, fallback }) => ring.length > 0 || fallback !== undefined, 'rings nobody, and has no fallback');

/** The owner's numbers, in international form, and for whom they are. */
export const numbersSchema: z.ZodType<Numbers> = z.record(
  z.string().regex(/^\+[1-9][0-9]{3,14}$/, 'is not a number in international form, such as "+254700000001"'),
  numberObject as unknown as z.ZodType<OwnedNumber>,
  'is no object',
);
