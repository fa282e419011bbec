import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { WEEKDAYS } from './hours.js';
import { lineLimitsSchema } from './limits/limits-schema.js';
import { hasControlCharacter, type Line, type Lines } from './line.js';
import { validate } from './validation.js';

/** How many extra headers a gateway accepts. */
const HEADER_COUNT = 10;

const text = (message: string, fits: (value: string) => boolean) => z.string('is not a text').refine(fits, message);
const seconds = z.number('is not a number of seconds').positive('is not a number of seconds above 0');

const isSipUri = (value: string): boolean => /^sips?:[^\s<>"]+$/i.test(value) && !hasControlCharacter(value);

/** Address of somebody who is called: a `sip:` or `sips:` URI. */
export const sipUriSchema = text('is not a SIP URI', isSipUri);

/** Whom a callee sees calling: a number, or a `sip:` URI. */
export const callerIdSchema = text(
  'is neither a number nor a SIP URI',
  (value) => /^\+?[0-9]{1,20}$/.test(value) || isSipUri(value),
);

const headerNameSchema = text('is not the name of an X- header', (name) => /^X-[A-Za-z0-9-]{1,60}$/i.test(name));
const headerValueSchema = text(
  'is not a header value: at most 256 characters, and no control characters',
  (value) => value.length <= 256 && !hasControlCharacter(value),
);

const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const SPAN = new RegExp(`^(${CLOCK})-(${CLOCK}|24:00)$`);

const spansSchema = z.array(
  text('is not a span of time such as "08:00-17:30"', (value) => {
    const [, from, to] = SPAN.exec(value) ?? [];
    return from !== undefined && from !== to;
  }),
  'is not a list of spans of time',
);

const dateSchema = text('is not a date such as 2026-12-25', (value) => {
  try {
    return Temporal.PlainDate.from(value).toString() === value;
  } catch {
    return false;
  }
});

export const openingHoursSchema = z.strictObject(
  {
    ...(Object.fromEntries(WEEKDAYS.map((day) => [day, spansSchema.optional()])) as Record<
      (typeof WEEKDAYS)[number],
      z.ZodOptional<typeof spansSchema>
    >),
    exceptions: z.record(dateSchema, spansSchema, 'is no object').optional(),
  },
  'is no object',
);

const timeZoneSchema = text('is not the name of a time zone such as "Africa/Nairobi"', (value) => {
  try {
    // A fixed offset would be wrong for half of the year wherever clocks change.
    if (!/^[A-Za-z]/.test(value)) return false;
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(value);
    return true;
  } catch {
    return false;
  }
});

const lineObject = z
  .strictObject(
    {
      callee: sipUriSchema,
      callerId: callerIdSchema.optional(),
      maxDuration: seconds.optional(),
      dtmf: z.boolean('is neither true nor false').optional(),
      headers: z.record(headerNameSchema, headerValueSchema, 'is no object').optional(),
      hours: openingHoursSchema.optional(),
      timeZone: timeZoneSchema.optional(),
      contextHeaders: z.record(z.string().max(64, 'is too long'), headerNameSchema, 'is no object').optional(),
      limits: lineLimitsSchema.optional(),
    },
    'is no object',
  )
  .superRefine((line, context) => {
    if (line.hours && line.timeZone === undefined) {
      context.addIssue({ code: 'custom', path: ['timeZone'], message: 'is missing: the hours need one' });
    }
    const names = [...Object.keys(line.headers ?? {}), ...Object.values(line.contextHeaders ?? {})];
    if (names.length > HEADER_COUNT) {
      context.addIssue({ code: 'custom', message: `has more than ${HEADER_COUNT} extra headers` });
    }
    if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
      context.addIssue({ code: 'custom', path: ['contextHeaders'], message: 'names a header that is there already' });
    }
  });

/** One line of a configuration. */
// Zod says "or undefined" of everything that may be left out; in a Line it is left out.
export const lineSchema = lineObject as unknown as z.ZodType<Line>;

/** The lines of a configuration, by name. */
export const linesSchema: z.ZodType<Lines> = z.record(
  text(
    'is not the name of a line: at most 128 characters, and no control characters',
    (name) => name !== '' && name.length <= 128 && !hasControlCharacter(name) && name !== '__proto__',
  ),
  lineSchema,
  'is no object',
);

/** Refuses, at start rather than in the first call, lines that could never be called. */
export function checkLines(lines: Lines): void {
  validate(linesSchema, lines, 'lines');
}

/**
 * Lines from the text of a JSON file.
 * @throws {TypeError} that names every wrong field by its path
 */
export function parseLines(json: string): Lines {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new TypeError('The lines are not JSON');
  }
  return validate(linesSchema, value, 'lines');
}
