/** The ready server as it is built, in a process that tells its port and, after a collection, its memory. */
import type { AddressInfo } from 'node:net';
import type * as Config from '../../src/server/ready/config.js';
import type * as Logs from '../../src/server/ready/log.js';
import type * as Server from '../../src/server/ready/server.js';

const built = new URL('../../dist/server/ready/', import.meta.url);
const { readConfig } = (await import(`${built}config.js`)) as typeof Config;
const { createLog } = (await import(`${built}log.js`)) as typeof Logs;
const { startServer } = (await import(`${built}server.js`)) as typeof Server;

const [file = '', redisUrl] = process.argv.slice(2);
const config = await readConfig(file, process.env);
const log = createLog(config.log);
const server = await startServer({
  config,
  log,
  host: '127.0.0.1',
  port: 0,
  metricsPort: 0,
  metricsHost: '127.0.0.1',
  redisUrl,
});

process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ memory: process.memoryUsage() });
});
process.once('disconnect', () => process.exit());
process.send?.({ port: Number(new URL(server.url).port) } satisfies Pick<AddressInfo, 'port'>);
