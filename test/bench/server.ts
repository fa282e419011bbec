/**
 * How many tokens the ready server mints in a second, beside a bare `node:http` server under the same load; and what
 * 100,000 grants cost in memory. Not a test: it asserts nothing, and other programs on the machine show in its figures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { startRedis } from '../support/redis.js';
import { env, ORIGIN, writeConfig } from './config.js';
import { startProgram, type Program } from './program.js';

const ROUNDS = 5;
const SECONDS = 4;
const GRANTS = 100_000;

interface Round {
  perSecond: number;
  /** Processor time of the server for one request, in microseconds. */
  cpu: number;
  /** In milliseconds. */
  p99: number;
  refused: number;
}

async function load(url: string, until: { duration: number } | { amount: number }): Promise<autocannon.Result> {
  return await autocannon({
    url,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: ORIGIN },
    body: JSON.stringify({ line: 'sales', context: { campaign: 'spring' } }),
    connections: 32,
    ...until,
  });
}

async function round(program: Program): Promise<Round> {
  const before = program.cpu();
  const { requests, duration, latency, non2xx, errors } = await load(program.url, { duration: SECONDS });
  return {
    perSecond: requests.total / duration,
    cpu: ((program.cpu() - before) / requests.total) * 1e6,
    p99: latency.p99,
    refused: non2xx + errors,
  };
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

async function mints(folder: string): Promise<void> {
  const config = await writeConfig(folder, 300);
  const redis = await startRedis();
  const programs = {
    'bare node:http, one HMAC': await startProgram('bare-server.ts', {}),
    'ready server, memory': await startProgram('ready-server.ts', {
      args: [config],
      env,
      output: join(folder, 'memory.log'),
    }),
    'ready server, Redis': await startProgram('ready-server.ts', {
      args: [config, redis.url],
      env,
      output: join(folder, 'redis.log'),
    }),
  };
  const rounds = new Map<string, Round[]>(Object.keys(programs).map((name) => [name, []]));
  // What has to be compiled is compiled before anything counts.
  for (const program of Object.values(programs)) await load(program.url, { duration: 2 });
  for (let number = 0; number < ROUNDS; number++) {
    for (const [name, program] of Object.entries(programs)) rounds.get(name)!.push(await round(program));
  }
  for (const program of Object.values(programs)) await program.stop();
  await redis.stop();

  const bare = rounds.get('bare node:http, one HMAC')!;
  console.log(
    `| ${ROUNDS} rounds of ${SECONDS} s, interleaved | mints a second | ratio | CPU a mint | CPU ratio | p99 | refused |`,
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, those] of rounds) {
    // Round by round, so that what else the machine did meanwhile is on both sides.
    const ratio = median(those.map(({ perSecond }, index) => perSecond / bare[index]!.perSecond));
    const cpuRatio = median(those.map(({ cpu }, index) => bare[index]!.cpu / cpu));
    const cells = [
      name,
      Math.round(median(those.map(({ perSecond }) => perSecond))),
      ratio.toFixed(2),
      `${median(those.map(({ cpu }) => cpu)).toFixed(0)} µs`,
      cpuRatio.toFixed(2),
      `${median(those.map(({ p99 }) => p99))} ms`,
      those.reduce((sum, { refused }) => sum + refused, 0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function memory(folder: string): Promise<void> {
  const program = await startProgram('ready-server.ts', { args: [await writeConfig(folder, 300)], env });
  await load(program.url, { amount: 1000 });
  const before = await program.memory();
  await load(program.url, { amount: GRANTS });
  const after = await program.memory();
  await program.stop();

  const short = await startProgram('ready-server.ts', { args: [await writeConfig(folder, 1)], env });
  await load(short.url, { amount: 1000 });
  const shortBefore = await short.memory();
  await load(short.url, { amount: GRANTS });
  // The store is swept by the first grant after half a minute.
  await new Promise((resolve) => setTimeout(resolve, 31_000));
  await load(short.url, { amount: 32 });
  const swept = await short.memory();
  await short.stop();

  const each = Math.round((after.heapUsed - before.heapUsed) / GRANTS);
  console.log(`\n| memory, after a collection | heap | RSS |`);
  console.log('| --- | --- | --- |');
  console.log(`| warm | ${mb(before.heapUsed)} | ${mb(before.rss)} |`);
  console.log(`| ${GRANTS} grants alive (${each} bytes each) | ${mb(after.heapUsed)} | ${mb(after.rss)} |`);
  console.log(`| warm, lifetime 1 s | ${mb(shortBefore.heapUsed)} | ${mb(shortBefore.rss)} |`);
  console.log(`| ${GRANTS} grants over and swept | ${mb(swept.heapUsed)} | ${mb(swept.rss)} |`);
}

const folder = await mkdtemp(join(tmpdir(), 'sautikit-bench-'));
try {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
  const only = process.argv[2];
  if (only !== 'memory') await mints(folder);
  if (only !== 'mints') await memory(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
