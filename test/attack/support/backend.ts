import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createHookHandler,
  createLimits,
  createMemoryGrantStore,
  createSigner,
  createTokenHandler,
  toNodeListener,
  type CallEvent,
  type DialRules,
  type Lines,
  type Scope,
} from '../../../src/server/index.js';

type Handler = (request: Request) => Promise<Response>;

/** What the hook answered to the question for one call. */
export interface Verdict {
  callId: string;
  token: string;
  status: number;
  answer: Record<string, unknown>;
}

export interface BackendOptions {
  lines: Lines;
  dial?: DialRules | undefined;
  domain: string;
  gatewayUrl: string;
  /** The only page that gets tokens. */
  origin: string;
  hookSecret: string;
}

/** Who gets a grant, by the path of the token endpoint. */
const ENDPOINTS: Record<string, readonly Scope[]> = {
  '/api/sip-token': ['call'],
  '/api/desk-token': ['receive'],
  '/api/dial-token': ['dial'],
  '/api/brief-token': ['call'],
  '/api/limited-token': ['call'],
};

/** Names the holder of a grant that these tests ask for themselves; in an application the log-in does. */
export const SUBJECT_HEADER = 'X-Test-Subject';

/** The owner's half of an attacked system. It remembers every answer of the hook, to compare what came of it. */
export class Backend {
  readonly verdicts: Verdict[] = [];
  readonly events: CallEvent[] = [];
  readonly tokens = new Set<string>();
  /** Stands in for the hook, for a test of what happens when it fails. */
  instead: Handler | undefined;
  /** What tokens are signed with: some thieves have stolen even that. */
  readonly key = randomBytes(32);
  readonly #server: Server;
  #handlers: Record<string, Handler> = {};

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(host: string): Promise<Backend> {
    const server = createServer();
    const backend = new Backend(server);
    const listener = toNodeListener((request) => backend.#handle(request));
    server.on('request', (request, response) => listener(request, response));
    server.listen(0, host);
    await once(server, 'listening');
    return backend;
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  /** The gateway must be up before its addresses are known, and its hook must have a port before it can start. */
  configure({ lines, dial, domain, gatewayUrl, origin, hookSecret }: BackendOptions): void {
    const grants = createMemoryGrantStore();
    // Every thief comes from the same address; how many grants an address gets is tried at an endpoint of its own.
    const limits = createLimits({ address: { soft: 1e6, hard: 2e6, seconds: 60 } });
    const limited = createLimits({ address: { soft: 20, hard: 2000, seconds: 600 } });
    const subject = (request: Request): string => request.headers.get(SUBJECT_HEADER) ?? '';
    for (const [path, scope] of Object.entries(ENDPOINTS)) {
      const signer = createSigner({ key: this.key, lifetime: path === '/api/brief-token' ? 1 : 300 });
      const common = { lines, grants, mint: signer, gatewayUrl, domain, allowedOrigins: [origin], scope };
      const counted = path === '/api/limited-token' ? limited : limits;
      const anonymous = createTokenHandler({ ...common, limits: counted });
      const signedIn = createTokenHandler({ ...common, limits: counted, subject });
      this.#handlers[path] = (request) => (request.headers.has(SUBJECT_HEADER) ? signedIn : anonymous)(request);
    }
    this.#handlers['/hook'] = createHookHandler({
      lines,
      grants,
      limits,
      secret: hookSecret,
      ...(dial && { dial }),
      onEvent: (event) => void this.events.push(event),
    });
  }

  /** The hook, as the gateway asks it. */
  async hook(request: Request): Promise<Response> {
    const asked = await bodyOf(request.clone());
    const handler = this.instead ?? this.#handlers['/hook'];
    if (!handler) return new Response(null, { status: 503 });
    const response = await handler(request);
    if (new URL(request.url).pathname.endsWith('/call')) {
      const answer = await bodyOf(response.clone());
      this.verdicts.push({
        callId: String(asked.call_id),
        token: String(asked.token),
        status: response.status,
        answer,
      });
    }
    return response;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/hook/')) return await this.hook(request);
    const handler = this.#handlers[pathname];
    return handler ? await handler(request) : new Response('Not found', { status: 404 });
  }
}

/** The JSON of a question or an answer; an empty one where it is none. */
async function bodyOf(message: Request | Response): Promise<Record<string, unknown>> {
  return (await message.json().catch(() => ({}))) as Record<string, unknown>;
}
