/**
 * What a call costs in the gateway, and which part of it costs what: a plain relay of the same Kamailio; our gateway with its
 * rules alone, with the hook, with rtpengine, with both; and with a hook that is far away. For each the time that one call
 * takes when nothing else goes on, and calls a second and processor time of a call under load. Not a test: it asserts
 * nothing, and other programs on the machine show in its figures. The driver, the hook and the phone are this process, and
 * share the processors with what is measured.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from '../../demo/stack/certificate.js';
import { HOST, MEDIA_HOST, takePort, takePortRange } from '../../demo/stack/ports.js';
import { Rtpengine } from '../../demo/stack/rtpengine.js';
import { CleanUp } from './clean-up.js';
import { openFarLink } from './far-link.js';
import { median, printTable, quantile } from './figures.js';
import { Caller, openHook, openPhone, type Moments } from './gateway-calls.js';
import { onCrash, startGateway, startRelay, type Surroundings, type Target } from './gateway-targets.js';
import { processorTimeOfGroup } from './processor-time.js';

const ROUNDS = 5;
/** Of each round: one after the other, and then so many, so many at a time over each of so many WebSockets. */
const ALONE = 40;
const LOAD = { calls: 400, sockets: 4, each: 5 } as const;
const MEDIA_PORTS = 1000;
/** Round trip to the hook of a backend that is somewhere else, in milliseconds. */
const FAR = 20;
const RELAY = 'plain relay';

interface Round {
  /** Of calls that nothing else goes on beside. */
  alone: Moments[];
  /** Of calls under load. */
  perSecond: number;
  answered: number[];
  /** Processor time of one call, in milliseconds. */
  kamailio: number;
  rtpengine: number;
  failed: number;
}

async function measureAlone(target: Target): Promise<Moments[]> {
  const caller = await Caller.open(target.url);
  const moments: Moments[] = [];
  for (let number = 0; number < ALONE; number += 1) {
    moments.push(await caller.call());
    // The last reports of this call are not the next one's delay.
    await sleep(10);
  }
  caller.close();
  return moments;
}

async function measureLoad(target: Target, rtpengine: Rtpengine): Promise<Omit<Round, 'alone'>> {
  const callers = await Promise.all(Array.from({ length: LOAD.sockets }, () => Caller.open(target.url)));
  const answered: number[] = [];
  let failed = 0;
  let left: number = LOAD.calls;
  const before = [processorTimeOfGroup(target.pid), processorTimeOfGroup(rtpengine.pid)] as const;
  const began = performance.now();
  const work = async (caller: Caller): Promise<void> => {
    while (left-- > 0) {
      const moments = await caller.call().catch(() => undefined);
      if (moments) answered.push(moments.answered);
      else failed += 1;
    }
  };
  await Promise.all(callers.flatMap((caller) => Array.from({ length: LOAD.each }, () => work(caller))));
  const seconds = (performance.now() - began) / 1000;
  // What is still reported and cleared away belongs to these calls.
  await sleep(300);
  const cost = (pid: number, since: number): number => ((processorTimeOfGroup(pid) - since) / LOAD.calls) * 1000;
  const [kamailio, media] = [cost(target.pid, before[0]), cost(rtpengine.pid, before[1])];
  for (const caller of callers) caller.close();
  return { perSecond: answered.length / seconds, answered, kamailio, rtpengine: media, failed };
}

function print(rounds: ReadonlyMap<string, readonly Round[]>): void {
  const relay = rounds.get(RELAY)!;
  printTable(
    [
      'one call at a time: ms after the INVITE (p50)',
      '100',
      'hook asked',
      'answered',
      'phone',
      '180',
      '200',
      '200 (p99)',
    ],
    [...rounds].map(([name, those]) => {
      const alone = those.flatMap((round) => round.alone);
      const at = (moment: keyof Moments): string => {
        const times = alone.flatMap((moments) => moments[moment] ?? []);
        return times.length === 0 ? '–' : median(times).toFixed(1);
      };
      const moments = (['trying', 'asked', 'judged', 'phone', 'ringing', 'answered'] as const).map(at);
      return [
        name,
        ...moments,
        quantile(
          alone.map(({ answered }) => answered),
          0.99,
        ).toFixed(1),
      ];
    }),
  );
  console.log();
  printTable(
    [
      `${LOAD.sockets * LOAD.each} at a time`,
      'calls/s',
      'ratio',
      '200 (p50)',
      'p99',
      'CPU of Kamailio',
      'of rtpengine',
      'failed',
    ],
    [...rounds].map(([name, those]) => {
      const answered = those.flatMap((round) => round.answered);
      return [
        name,
        median(those.map(({ perSecond }) => perSecond)).toFixed(0),
        // Round by round, so that what else the machine did meanwhile is on both sides.
        median(those.map(({ perSecond }, index) => perSecond / relay[index]!.perSecond)).toFixed(2),
        `${median(answered).toFixed(0)} ms`,
        `${quantile(answered, 0.99).toFixed(0)} ms`,
        `${median(those.map(({ kamailio }) => kamailio)).toFixed(2)} ms`,
        `${median(those.map(({ rtpengine }) => rtpengine)).toFixed(2)} ms`,
        those.reduce((sum, { failed }) => sum + failed, 0),
      ];
    }),
  );
}

const folder = await mkdtemp(join(tmpdir(), 'sautikit-bench-'));
const cleanUp = new CleanUp();
cleanUp.add(() => rm(folder, { recursive: true, force: true }));
try {
  const phone = await openPhone();
  cleanUp.add(() => phone.close());
  const hook = await openHook(phone.callee);
  cleanUp.add(() => hook.close());
  const far = await openFarLink(Number(new URL(hook.url).port), FAR);
  cleanUp.add(() => far.close());
  const surroundings: Surroundings = {
    folder,
    certificate: await makeCertificate(folder),
    callee: phone.callee,
    hookUrl: hook.url,
    rtpenginePort: await takePort('rtpengine control', 'udp'),
    rtpengineHttpPort: await takePort('rtpengine questions', 'tcp'),
  };
  const rtpengine = new Rtpengine({
    folder,
    verbose: false,
    onCrash,
    host: MEDIA_HOST,
    controlPort: surroundings.rtpenginePort,
    httpPort: surroundings.rtpengineHttpPort,
    mediaPort: await takePortRange(MEDIA_PORTS),
    mediaPorts: MEDIA_PORTS,
  });
  await rtpengine.start();
  cleanUp.add(() => rtpengine.stop());
  const starts: Record<string, () => Promise<Target>> = {
    [RELAY]: () => startRelay(surroundings),
    rules: () => startGateway('rules', { hook: hook.answer, rtpengine: true }, surroundings),
    'rules, hook': () => startGateway('hook', { rtpengine: true }, surroundings),
    'rules, rtpengine': () => startGateway('media', { hook: hook.answer }, surroundings),
    'the gateway: rules, hook, rtpengine': () => startGateway('gateway', {}, surroundings),
    [`the gateway, its hook ${FAR} ms away`]: () =>
      startGateway('far', {}, { ...surroundings, hookUrl: `http://${HOST}:${far.port}/hook` }),
  };
  const targets = new Map<string, Target>();
  for (const [name, start] of Object.entries(starts)) {
    const target = await start();
    cleanUp.add(() => target.stop());
    targets.set(name, target);
  }

  const rounds = new Map<string, Round[]>([...targets.keys()].map((name) => [name, []]));
  for (let number = 0; number <= ROUNDS; number += 1) {
    for (const [name, target] of targets) {
      const alone = await measureAlone(target);
      const round = { alone, ...(await measureLoad(target, rtpengine)) };
      // The first of each warms up.
      if (number > 0) rounds.get(name)!.push(round);
    }
  }
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load average ${loadavg()[0]!.toFixed(1)}`,
  );
  console.log(`${ROUNDS} rounds in turn, medians\n`);
  print(rounds);
  const json = process.argv[2];
  if (json !== undefined) await writeFile(json, `${JSON.stringify(Object.fromEntries(rounds), undefined, 2)}\n`);
} finally {
  await cleanUp.run();
}
