import { z } from 'zod';

const uuid = z.string().regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
/** A word of ours; newer buttons may have others than this server knows. */
const word = z
  .string()
  .regex(/^[a-z]+(?:-[a-z]+){0,4}$/)
  .max(32);
const count = z.number().int().min(0).max(100_000);
/** Milliseconds since the click; no call lasts a day. */
const milestone = z.number().min(0).max(86_400_000).optional();
const mos = z.number().min(1).max(5);

const reportObject = z.object({
  schema: z.literal(1),
  call_id: uuid,
  button: z.string().regex(/^[\w.+-]{1,32}$/),
  browser: word,
  origin: z.string().regex(/^(?:null|https?:\/\/[\w.:[\]-]{1,255})$/),
  line: z
    .string()
    .max(128)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u)
    .optional(),
  outcome: z.enum(['completed', 'cancelled', 'failed']),
  code: word.optional(),
  responsible: z.enum(['caller', 'owner', 'network']).optional(),
  tried: z.object({ step: word, attempts: count, gateways: count.optional() }).optional(),
  left: z.boolean(),
  duration_seconds: z.number().min(0).max(86_400),
  timings: z.object({
    grant: milestone,
    socket: milestone,
    microphone: milestone,
    invite: milestone,
    ringing: milestone,
    answered: milestone,
    audio: milestone,
  }),
  recoveries: count,
  quality: z.object({ level: word, mos, lowest_mos: mos }).optional(),
});

/** What a button reports of a call; what the fields mean stands in `docs/reports.md`. */
export type CallReport = z.infer<typeof reportObject>;

/**
 * The report in what was sent, or `undefined` where that is none. A field that is not known is left out, so that nothing
 * goes on which nobody has looked at.
 */
export function parseCallReport(json: unknown): CallReport | undefined {
  return reportObject.safeParse(json).data;
}
