import { correlationIdOf } from '../correlation-id.js';
import { createWebhook, type Webhook } from '../webhook.js';
import { createBackend } from './backend.js';
import type { Config } from './config-schema.js';
import { startHttpServer, type Answered, type HttpServer } from './http-server.js';
import { errorFields, type Log } from './log.js';
import { Metrics } from './metrics.js';
import { connectRedis, redisAnswers } from './redis.js';
import { createRouter, plainRoute, type Route } from './routes.js';

export interface ServerOptions {
  config: Config;
  log: Log;
  host: string;
  /** 0 takes any that is free. */
  port: number;
  /**
   * Where `/metrics` is; undefined: nowhere. The same as `port`, if that is not 0: beside everything else, for everybody
   * who gets there.
   */
  metricsPort: number | undefined;
  /** Address that the metrics listen at, where they have a port of their own. */
  metricsHost: string;
  /** `redis://…`; takes the place of what the configuration says. */
  redisUrl?: string | undefined;
}

export interface ReadyServer {
  url: string;
  /** Address of the metrics, if there are any. */
  metricsUrl: string | undefined;
  /** Ends within ten seconds: what runs is finished, what waits to be told to the webhook is told, as far as it goes. */
  stop(): Promise<void>;
}

/** The ten seconds of a stop, divided. */
const STOP_SECONDS = { requests: 5, webhooks: 4 };

/** Starts everything that a configuration asks for. */
export async function startServer(options: ServerOptions): Promise<ReadyServer> {
  const { config, log, host, port, metricsPort, metricsHost } = options;
  const metrics = new Metrics(Object.keys(config.lines));
  const redisUrl = options.redisUrl ?? config.redis;
  const redis = redisUrl === undefined ? undefined : connectRedis(redisUrl, log);
  const webhook = startWebhook(config, log, metrics);
  const ownPort = metricsPort !== undefined && (metricsPort !== port || port === 0);
  let stopping = false;

  const servers: HttpServer[] = [];
  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all(servers.map((server) => server.stop(STOP_SECONDS.requests)));
    const lost = await webhook?.drain(STOP_SECONDS.webhooks);
    if (lost) log.warn({ lost }, 'webhooks that nobody took');
    redis?.disconnect();
  };

  try {
    const backend = await createBackend(config, {
      redis,
      onEvent(event) {
        metrics.call(event);
        const call = correlationIdOf(event.callId);
        log.info({ event: event.type, line: event.line, call, seconds: event.duration }, 'call');
        webhook?.(event);
      },
      onError: (error) => log.error(errorFields(error), 'failed'),
    });

    const ready = async (): Promise<boolean> => !stopping && (redis === undefined || (await redisAnswers(redis)));
    const expose: Route = plainRoute('metrics', async () => {
      const { contentType: type, text } = await metrics.expose();
      return { status: 200, text, type };
    });
    const router = createRouter(backend, config.paths, {
      '/healthz': plainRoute('healthz', async () => ({ status: 200, text: 'ok\n' })),
      '/readyz': plainRoute('readyz', async () =>
        (await ready()) ? { status: 200, text: 'ready\n' } : { status: 503, text: 'not ready\n' },
      ),
      ...(metricsPort !== undefined && !ownPort && { '/metrics': expose }),
    });
    const main = await startHttpServer({ router, host, port, onAnswer: noteAnswers(config, log, metrics) });
    servers.push(main);
    const side = ownPort ? await startMetrics(expose, metricsHost, metricsPort) : undefined;
    if (side) servers.push(side);
    const metricsUrl = metricsPort === undefined ? undefined : `${(side ?? main).url}/metrics`;
    return { url: main.url, metricsUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startMetrics(expose: Route, host: string, port: number): Promise<HttpServer> {
  const missing = plainRoute('unknown', async () => ({ status: 404, text: 'not found\n' }));
  return startHttpServer({ router: (path) => (path === '/metrics' ? expose : missing), host, port });
}

function startWebhook({ webhook }: Config, log: Log, metrics: Metrics): Webhook | undefined {
  if (!webhook) return undefined;
  return createWebhook({
    ...webhook,
    onResult(result, { type }) {
      metrics.webhook(result);
      if (result !== 'delivered') log.warn({ event: type, result }, 'webhook');
    },
  });
}

/** Counts answers and writes them down. Who looks whether the server lives is no news. */
function noteAnswers(
  { log: { addresses = false } = {} }: Config,
  log: Log,
  metrics: Metrics,
): (asked: Answered) => void {
  return ({ route, method, status, outcome, line, call, seconds, peer }) => {
    metrics.request(route, status, seconds);
    if (route === 'token' && method !== 'OPTIONS') metrics.grant(line, outcome ?? 'unknown');
    if (route === 'hook/call' && outcome !== undefined) metrics.callRefused(outcome);
    const level = route === 'healthz' || route === 'readyz' || route === 'metrics' ? 'debug' : 'info';
    const ms = Math.round(seconds * 1e4) / 10;
    log[level]({ route, method, status, outcome, line, call, ms, ...(addresses && { peer }) }, 'request');
  };
}
