import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const ORIGIN = 'https://shop.example';

/** What the configuration names. */
export const env = { SIGNING_KEY: randomBytes(32).toString('hex'), HOOK_SECRET: randomBytes(32).toString('hex') };

/**
 * Every limit is on, and counted for each request, but so high that none is met: refusals would be cheaper than grants.
 * @param lifetime of a token, in seconds
 */
export async function writeConfig(folder: string, lifetime: number): Promise<string> {
  const file = join(folder, `lines-${lifetime}.json`);
  const many = 1_000_000_000;
  const config = {
    lines: {
      sales: {
        callee: 'sip:desk@pbx.example',
        maxDuration: 600,
        limits: { mints: { count: many, seconds: 60 }, concurrent: many, perDay: { seconds: many } },
      },
    },
    domain: 'gateway.example',
    gatewayUrl: 'wss://gateway.example/',
    allowedOrigins: [ORIGIN],
    mint: { type: 'signer', keys: [{ id: '2026-11', key: { env: 'SIGNING_KEY' } }], lifetime },
    hook: { secret: { env: 'HOOK_SECRET' } },
    limits: { address: { soft: many, hard: many + 1 } },
    context: ['campaign'],
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}
