/**
 * What a call costs the ready server: the token, and the questions and reports of the gateway, each under load and asked one
 * after the other, in memory and with Redis, beside a bare `node:http` server that is asked the same. Not a test: it asserts
 * nothing, and other programs on the machine show in its figures.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../support/redis.js';
import { CleanUp } from './clean-up.js';
import { env, writeConfig } from './config.js';
import { median, microseconds, printTable, quantile } from './figures.js';
import { alone, Calls, load, QUESTIONS, type Question } from './hook-load.js';
import { startProgram } from './program.js';

const ROUNDS = 5;
/** Of each question in each round: under load, and one after the other. */
const LOAD = 6000;
const ALONE = 300;
const BARE = 'bare node:http';

interface Round {
  perSecond: number;
  /** Processor time of one question, in seconds. */
  cpu: number;
  /** Under load, in milliseconds. */
  p99: number;
  refused: number;
  /** How long each answer took when nothing else was asked, in milliseconds. */
  alone: number[];
}

const folder = await mkdtemp(join(tmpdir(), 'sautikit-bench-'));
const cleanUp = new CleanUp();
cleanUp.add(() => rm(folder, { recursive: true, force: true }));
try {
  const config = await writeConfig(folder, 300);
  const redis = await startRedis();
  cleanUp.add(() => redis.stop());
  const start = async (script: string, name: string, args: string[]) => {
    const program = await startProgram(script, { args, env, output: join(folder, `${name}.log`) });
    cleanUp.add(() => program.stop());
    return program;
  };
  const programs = {
    [BARE]: await start('bare-server.ts', 'bare', []),
    memory: await start('ready-server.ts', 'memory', [config]),
    Redis: await start('ready-server.ts', 'redis', [config, redis.url]),
  };
  const rounds = new Map<string, Round[]>();
  const of = (question: Question, name: string): Round[] => rounds.get(`${question} ${name}`) ?? [];
  // The first round is not counted: what has to be compiled is compiled in it.
  for (let number = 0; number <= ROUNDS; number += 1) {
    const calls = new Map(Object.keys(programs).map((name) => [name, new Calls(`load-${number}`)]));
    const few = new Map(Object.keys(programs).map((name) => [name, new Calls(`alone-${number}`)]));
    for (const question of QUESTIONS) {
      for (const [name, program] of Object.entries(programs)) {
        const times = await alone(program, few.get(name)!, question, ALONE);
        const before = program.cpu();
        const { seconds, p99, refused } = await load(program, calls.get(name)!, question, LOAD);
        const cpu = (program.cpu() - before) / LOAD;
        const round: Round = { perSecond: LOAD / seconds, cpu, p99, refused, alone: times };
        if (number > 0) rounds.set(`${question} ${name}`, [...of(question, name), round]);
      }
    }
  }

  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load average ${loadavg()[0]!.toFixed(1)}`,
  );
  console.log(`${ROUNDS} rounds of ${LOAD} (32 at a time) and ${ALONE} (one at a time) of each, in turn; medians\n`);
  const rows = QUESTIONS.flatMap((question) =>
    Object.keys(programs).map((name) => {
      const those = of(question, name);
      const bare = of(question, BARE);
      const one = those.flatMap((round) => round.alone);
      return [
        question,
        name,
        Math.round(median(those.map(({ perSecond }) => perSecond))),
        // Round by round, so that what else the machine did meanwhile is on both sides.
        median(those.map(({ perSecond }, index) => perSecond / bare[index]!.perSecond)).toFixed(2),
        microseconds(median(those.map(({ cpu }) => cpu))),
        median(those.map(({ cpu }, index) => bare[index]!.cpu / cpu)).toFixed(2),
        `${median(those.map(({ p99 }) => p99))} ms`,
        `${median(one).toFixed(2)} ms`,
        `${quantile(one, 0.99).toFixed(1)} ms`,
        those.reduce((sum, { refused }) => sum + refused, 0),
      ];
    }),
  );
  printTable(['', 'server', 'a second', 'ratio', 'CPU', 'CPU ratio', 'p99', 'alone: p50', 'p99', 'refused'], rows);
  const json = process.argv[2];
  if (json !== undefined) await writeFile(json, `${JSON.stringify(Object.fromEntries(rounds), undefined, 2)}\n`);
} finally {
  await cleanUp.run();
}
