import type { Answer, Handler } from '../http.js';
import { json } from '../http.js';
import type { Backend } from './backend.js';
import type { Config } from './config-schema.js';

/** What answers a path, and the name that it has in logs and metrics. */
export interface Route {
  name: string;
  answer: Handler['answer'];
}

export type Router = (path: string) => Route;

/** Where things are, unless `paths` says otherwise. */
const PATHS = { token: '/api/sip-token', status: '/status', hook: '/hook' };

const unknown: Route = { name: 'unknown', answer: async () => json(404, { error: 'not-found' }) };

/** Finds what answers a path: the handlers, and what else there is by its path. */
export function createRouter(
  backend: Backend,
  paths: Config['paths'],
  others: Readonly<Record<string, Route>>,
): Router {
  const { token, status, hook } = { ...PATHS, ...paths };
  const exact = new Map<string, Route>(Object.entries(others));
  exact.set(token, { name: 'token', answer: backend.token.answer });
  exact.set(status, { name: 'status', answer: backend.status.answer });
  for (const question of ['connect', 'call', 'answered', 'ended', 'incoming', 'grant']) {
    exact.set(`${hook}/${question}`, { name: `hook/${question}`, answer: backend.hook.answer });
  }
  return (path) => exact.get(path) ?? unknown;
}

/** A page without a secret for whoever watches over the server. */
export function plainRoute(name: string, make: () => Promise<{ status: number; text: string; type?: string }>): Route {
  return {
    name,
    async answer(): Promise<Answer> {
      const { status, text, type = 'text/plain; charset=utf-8' } = await make();
      return { status, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' }, body: text };
    },
  };
}
