import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A question or a report of the gateway. */
export interface Asked {
  action: string;
  body: Record<string, unknown>;
}

export interface HookStandIn {
  url: string;
  asked: Asked[];
  /** How many connections came so far. */
  connections: number;
  /** Closes those that are open, as a backend does that is started anew. */
  hangUp(): void;
  /** What is answered to `/call`. Default: 403. May wait, as a slow backend does. */
  onCall: (body: Record<string, unknown>) => CallAnswer | Promise<CallAnswer>;
  /** The session of every REGISTER. */
  session: string;
  /** Waited for before a report is answered. Default: nothing. */
  onReport: () => void | Promise<void>;
  stop(): Promise<void>;
}

export interface CallAnswer {
  status: number;
  body?: unknown;
}

/** A backend of which a test says what it answers, also what no backend of ours would. Every REGISTER is fine. */
export async function startHook(): Promise<HookStandIn> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = request.url?.split('/').at(-1) ?? '';
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      hook.asked.push({ action, body });
      const answer = action === 'call' ? hook.onCall(body) : other(action, body, hook);
      void Promise.resolve(answer).then(({ status, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hook: HookStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    asked: [],
    connections: 0,
    hangUp: () => server.closeAllConnections(),
    session: 'session',
    onReport: () => undefined,
    onCall: () => ({ status: 403, body: { error: 'token-denied' } }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  server.on('connection', () => (hook.connections += 1));
  return hook;
}

async function other(
  action: string,
  body: Record<string, unknown>,
  { onReport, session }: HookStandIn,
): Promise<CallAnswer> {
  if (action === 'answered' || action === 'ended') await onReport();
  if (action !== 'connect') return { status: 204 };
  return { status: 200, body: { aor: body.aor, sid: session, bind: false, expires: 300 } };
}
