import { randomBytes } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import {
  createHookHandler,
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  toNodeListener,
} from '../../src/server/index.js';
import { startGateway, type GatewayOptions } from '../../demo/gateway/gateway.js';

export interface EmbeddedGateway {
  /** The token endpoint at a path: `/api/sip-token` lets the line `sales` be called, `/api/desk-token` be answered. */
  endpoint(path: string): RequestListener | undefined;
  stop(): Promise<void>;
}

export interface EmbeddedGatewayOptions extends Pick<GatewayOptions, 'floodLimits' | 'grace'> {
  /** Where callers find it, if something stands in their way; the desk always connects at once. */
  callersGatewayUrl?: string;
}

const DOMAIN = 'localhost';

/** Puts the embedded gateway and its token endpoints onto a server that listens on `port` of this machine. */
export function mountEmbeddedGateway(
  server: Server,
  port: number,
  { callersGatewayUrl, ...options }: EmbeddedGatewayOptions = {},
): EmbeddedGateway {
  const lines = {
    sales: { callee: `sip:desk@${DOMAIN}`, callerId: `sip:visitor@${DOMAIN}` },
    nobody: { callee: `sip:nobody@${DOMAIN}` },
  };
  const grants = createMemoryGrantStore();
  const shared = {
    lines,
    grants,
    domain: DOMAIN,
    mint: createSigner({ key: randomBytes(32) }),
    gatewayUrl: `ws://localhost:${port}/sip`,
    allowedOrigins: [`http://localhost:${port}`],
  };
  const endpoints: Record<string, RequestListener> = {
    '/api/sip-token': toNodeListener(
      createTokenHandler({ ...shared, ...(callersGatewayUrl && { gatewayUrl: callersGatewayUrl }) }),
    ),
    '/api/desk-token': toNodeListener(createTokenHandler({ ...shared, scope: ['receive'], subject: () => 'desk' })),
  };
  const secret = randomBytes(32).toString('hex');
  const gateway = startGateway({
    ...options,
    server,
    secret,
    domain: DOMAIN,
    allowedOrigins: shared.allowedOrigins,
    hook: createHookHandler({ lines, grants, secret }),
  });
  return { endpoint: (path) => endpoints[path], stop: () => gateway.stop() };
}
