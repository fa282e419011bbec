import { z } from 'zod';
import { parseIpBlock } from '../ip-address.js';

/** The environment, `process.env` or a stand-in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A secret is never in the file but in the environment, and the file names the variable: `{ "env": "NAME" }`. Such a file
 * can be committed, copied and shown.
 */
export const secret = (environment: Environment) =>
  z
    .strictObject(
      {
        env: z
          .string('expected the name of an environment variable')
          .regex(/^\w+$/, 'expected the name of an environment variable'),
      },
      { error: (issue) => (issue.code === 'invalid_type' ? SECRET_EXPECTED : undefined) },
    )
    .transform(({ env }, context) => {
      const value = environment[env];
      if (value) return value;
      context.addIssue(`the environment variable ${env} is ${value === undefined ? 'not set' : 'empty'}`);
      return z.NEVER;
    });

const SECRET_EXPECTED =
  'expected { "env": "NAME" }, the name of an environment variable; secrets do not belong into this file';

/** A time span in seconds. */
export const seconds = z.int('expected a whole number of seconds').positive('expected a number of seconds above 0');

/** A time span in milliseconds. */
export const milliseconds = z
  .int('expected a whole number of milliseconds')
  .positive('expected a number of milliseconds above 0');

/** A count. */
export const count = z.int('expected a whole number').positive('expected a number above 0');

export const hostName = z
  .string('expected a host name such as "gateway.example"')
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[[0-9a-f:.]+\]$/i,
    'expected a host name such as "gateway.example"',
  );

/** Secure outside this machine: a token goes over it. */
const gateway = z
  .string('expected a URL such as "wss://gateway.example/"')
  .refine((text) => isUrl(text, 'wss:', 'ws:'), 'expected a "wss://" URL; "ws://" is for this machine only');

export const gatewayUrl = z.union([gateway, z.array(gateway).min(1, 'expected at least one URL')], {
  error: 'expected a "wss://" URL or a list of them; "ws://" is for this machine only',
});

/** An address of the web: `https:`, or `http:` on this machine. */
export const webUrl = z
  .string('expected a URL such as "https://crm.example/calls"')
  .refine((text) => isUrl(text, 'https:', 'http:'), 'expected an "https://" URL; "http://" is for this machine only');

/** RFC 7065. */
export const turnUrl = z
  .string('expected an address such as "turn:turn.example:3478?transport=udp"')
  .regex(
    /^turns?:[A-Za-z0-9.[\]:-]+(\?transport=(udp|tcp))?$/,
    'expected an address such as "turn:turn.example:3478?transport=udp"',
  );

export const origin = z
  .string('expected an origin such as "https://shop.example"')
  .refine(isOrigin, 'expected an origin such as "https://shop.example": scheme, host and port, and nothing after that');

export const urlPath = z
  .string('expected a path such as "/api/sip-token"')
  .regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as "/api/sip-token", without a slash at the end');

/** An address, or all addresses that begin alike. */
export const block = z
  .string('expected an address such as "10.0.0.0/8"')
  .refine(isBlock, 'expected an address such as "10.0.0.0/8" or "::1"');

function isUrl(text: string, secure: string, local: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === secure || (protocol === local && /^(localhost|127(\.[0-9]+){3}|\[::1\])$/.test(hostname));
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}

function isBlock(text: string): boolean {
  try {
    parseIpBlock(text);
    return true;
  } catch {
    return false;
  }
}
