import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { conformanceCommand } from '../conformance/cli.js';
import { createBackend } from './backend.js';
import { ConfigError } from './config-error.js';
import { readConfig } from './config.js';
import type { Config } from './config-schema.js';
import { createLog, type Log } from './log.js';
import { startServer, type ReadyServer, type ServerOptions } from './server.js';

const USAGE = `Usage:
  sautikit-call-button serve --config <file> [options]
  sautikit-call-button check --config <file>
  sautikit-call-button conformance <token-url> [options]
  sautikit-call-button doctor <page-url> [options]

serve        gives grants to pages and answers the gateway's questions
check        says what is wrong with a configuration, and starts nothing
conformance  grades a token endpoint, in whatever language it is written; conformance --help tells more
doctor       looks at a page with the button, and at all that the button needs; doctor --help tells more

Options of serve:
  --host <address>       where it listens (default: 127.0.0.1, for a proxy on this machine)
  --port <number>        (default: 8080; 0 takes any that is free)
  --redis <url>          shares grants, limits and answers with other servers; a URL with a password belongs into the
                         environment, and the configuration names it: "redis": { "env": "REDIS_URL" }
  --metrics-port <port>  where Prometheus finds /metrics (default: 9464), or "off"; the same as --port: on that one,
                         for everybody who gets there
  --metrics-host <address>  (default: 127.0.0.1)
  --help, --version
`;

const OPTIONS = {
  config: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8080' },
  redis: { type: 'string' },
  'metrics-port': { type: 'string' },
  'metrics-host': { type: 'string', default: '127.0.0.1' },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const;

const METRICS_PORT = 9464;

/** Something that whoever typed the command can put right. */
class UsageError extends Error {}

/** Runs the command. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    for (const row of linesOf(error)) process.stderr.write(`sautikit-call-button: ${row}\n`);
    return 1;
  }
}

async function run(args: readonly string[]): Promise<number> {
  // They have options of their own.
  if (args[0] === 'conformance') return await conformanceCommand(args.slice(1));
  if (args[0] === 'doctor') {
    // A server that runs for months has no use for what reads pages.
    const { doctorCommand } = await import('../doctor/cli.js');
    return await doctorCommand(args.slice(1));
  }
  const { values, positionals } = parse(args);
  if (values.help) return say(USAGE);
  if (values.version) return say(`${version()}\n`);
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (command !== 'serve' && command !== 'check')) {
    throw new UsageError('expected "serve" or "check"; --help tells more');
  }
  if (values.config === undefined) throw new UsageError('expected --config <file>; --help tells more');

  const config = await readNamedConfig(values.config);
  if (command === 'check') {
    await createBackend(config, { onEvent: () => undefined, onError: () => undefined });
    return say(`${values.config} is fine\n`);
  }
  const log = createLog(config.log);
  const port = portOf('--port', values.port);
  const asked = values['metrics-port'];
  const server = await start({
    config,
    log,
    port,
    host: values.host,
    metricsHost: values['metrics-host'],
    redisUrl: values.redis,
    metricsPort: asked === 'off' ? undefined : portOf('--metrics-port', asked ?? String(METRICS_PORT)),
    metricsAsked: asked !== undefined,
  });
  log.info({ url: server.url, metrics: server.metricsUrl }, 'listening');
  await untilSignal(log);
  await server.stop();
  log.info('stopped');
  return 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]}; --help tells more`);
  }
}

async function readNamedConfig(file: string): Promise<Config> {
  try {
    return await readConfig(file, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
}

/** A second server on the same machine need not have metrics, unless somebody has asked for them. */
async function start({ metricsAsked, ...options }: ServerOptions & { metricsAsked: boolean }): Promise<ReadyServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code !== 'EADDRINUSE') throw error;
    if (port !== options.metricsPort || port === options.port || metricsAsked) {
      throw new UsageError(`port ${port} is taken by another program`);
    }
    options.log.warn({ port }, 'no metrics, since their port is taken; --metrics-port names another');
    return await startServer({ ...options, metricsPort: undefined });
  }
}

/** Resolves when the process is asked to end; asked again, it ends at once. */
function untilSignal(log: Log): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1);
        asked = true;
        log.info({ signal }, 'stopping');
        resolve();
      });
    }
  });
}

function portOf(option: string, text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new UsageError(`${option}: expected a port from 0 to 65535`);
  return port;
}

function linesOf(error: unknown): string[] {
  // Messages of ours, of our checks, and of the system's own calls name no secret; stacks help no operator.
  return String(error instanceof Error ? error.message : error).split('\n');
}

function version(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
