import { z } from 'zod';
import { MAX_NUMBERS } from '../challenge/altcha-check.js';
import { dialSchema, numbersSchema } from '../hook-schema.js';
import { limitSettingsSchema } from '../limits/limits-schema.js';
import { linesSchema } from '../lines-schema.js';
import { bearerOf } from '../secrets.js';
import {
  block,
  count,
  gatewayUrl,
  hostName,
  milliseconds,
  origin,
  seconds,
  secret,
  turnUrl,
  urlPath,
  webUrl,
  type Environment,
} from './config-fields.js';

const text = z.string().min(1, 'expected a text');

const mint = (environment: Environment) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('signer'),
      keys: z
        .array(
          z.strictObject({
            id: z.string().regex(/^[\w.:-]{1,64}$/, 'expected a short name such as "2026-11"'),
            key: secret(environment).refine((key) => Buffer.byteLength(key) >= 32, 'expected at least 32 bytes'),
          }),
        )
        .min(1, 'expected at least one key'),
      issuer: text.exactOptional(),
      lifetime: seconds.exactOptional(),
    }),
    z.strictObject({
      type: z.literal('sautikit'),
      apiKey: secret(environment),
      baseUrl: webUrl,
      timeout: milliseconds.exactOptional(),
    }),
    z.strictObject({
      type: z.literal('refresh'),
      url: webUrl,
      refreshToken: secret(environment),
      keepIn: text.exactOptional(),
      mintUrl: webUrl.exactOptional(),
      authorization: secret(environment).exactOptional(),
      resource: text.exactOptional(),
      scopes: z.array(text).exactOptional(),
      lifetime: seconds.exactOptional(),
      timeout: milliseconds.exactOptional(),
    }),
  ]);

const challenge = (environment: Environment) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('altcha'),
      secret: secret(environment).refine(({ length }) => length >= 32, 'expected at least 32 characters'),
      maxNumber: count
        .min(MAX_NUMBERS.least, `expected at least ${MAX_NUMBERS.least}`)
        .max(MAX_NUMBERS.most, `expected at most ${MAX_NUMBERS.most}`)
        .exactOptional(),
      lifetime: seconds.exactOptional(),
    }),
    z.strictObject({
      type: z.literal('turnstile'),
      siteKey: text,
      secret: secret(environment),
    }),
  ]);

const turn = (environment: Environment) =>
  z.strictObject({
    secret: secret(environment),
    urls: z.array(turnUrl).min(1, 'expected at least one address such as "turn:turn.example:3478"'),
    lifetime: seconds.exactOptional(),
    policy: z.enum(['all', 'relay']).exactOptional(),
  });

const webhook = (environment: Environment) =>
  z.strictObject({
    url: webUrl,
    secret: secret(environment),
    retries: z.int('expected a whole number').min(0, 'expected 0 or more').exactOptional(),
    timeout: seconds.exactOptional(),
    capacity: count.exactOptional(),
  });

/** The file that `serve --config` reads: these settings and no others. Secrets are replaced by what they are. */
export const configSchema = (environment: Environment) =>
  z.strictObject({
    lines: linesSchema,
    numbers: numbersSchema.exactOptional(),
    domain: hostName,
    gatewayUrl,
    gatewaysInTurn: z.boolean().exactOptional(),
    allowedOrigins: z
      .array(origin, 'expected a list of origins such as ["https://shop.example"]')
      .min(1, 'expected at least one origin such as "https://shop.example"'),
    mint: mint(environment),
    hook: z.strictObject({
      secret: secret(environment).refine(
        (value) => bearerOf(`Bearer ${value}`) === value,
        'expected letters, digits and -._~+/ only, since it is sent as a bearer token',
      ),
      gatewayName: text.exactOptional(),
    }),
    limits: limitSettingsSchema.exactOptional(),
    challenge: challenge(environment).exactOptional(),
    trustedProxies: z.array(block).exactOptional(),
    forwardedHeader: z.enum(['x-forwarded-for', 'forwarded']).exactOptional(),
    context: z.array(text).exactOptional(),
    dial: dialSchema.exactOptional(),
    scope: z
      .array(z.enum(['call', 'dial', 'receive']))
      .min(1, 'expected at least one scope')
      .exactOptional(),
    register: z.enum(['auto', 'never']).exactOptional(),
    turn: turn(environment).exactOptional(),
    webhook: webhook(environment).exactOptional(),
    redis: secret(environment).exactOptional(),
    paths: z
      .strictObject({ token: urlPath.exactOptional(), status: urlPath.exactOptional(), hook: urlPath.exactOptional() })
      .exactOptional(),
    log: z
      .strictObject({
        level: z.enum(['debug', 'info', 'warn', 'error']).exactOptional(),
        addresses: z.boolean().exactOptional(),
      })
      .exactOptional(),
  });

export type Config = z.infer<ReturnType<typeof configSchema>>;
