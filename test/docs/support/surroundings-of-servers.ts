import { randomBytes } from 'node:crypto';
import type * as server from '../../../src/server/index.js';
import { ROOT } from './documents.js';

/** What pieces of code for a server take for granted, for real: see `surroundings.ts`. */
export async function serverSurroundings() {
  const { Redis } = await import('ioredis');
  const published = (await import(`${ROOT}dist/server/index.js`)) as typeof server;
  const { createAltchaCheck, createLimits, createMemoryGrantStore, createSigner } = published;
  const secret = randomBytes(32).toString('hex');
  const shared = {
    lines: { sales: { callee: 'sip:desk@pbx.example', maxDuration: 900 } },
    grants: createMemoryGrantStore(),
    mint: createSigner({ key: secret }),
    secret,
    domain: 'gateway.example',
    gatewayUrl: 'wss://gateway.example/',
  };
  /** Of the reader's own application. */
  const posted = new Map<string, unknown>();
  return {
    ...published,
    ...shared,
    shared,
    key: secret,
    limits: createLimits(),
    challenge: createAltchaCheck({ secret }),
    Redis,
    database: { query: () => Promise.resolve() },
    app: { post: (path: string, handler: unknown) => void posted.set(path, handler) },
    remember: () => Promise.resolve(),
    posted,
  };
}
