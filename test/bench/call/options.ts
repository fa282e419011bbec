import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SYSTEMS, type System } from './systems.js';

export const STARTS = ['cold', 'warm'] as const;
export const STUNS = ['alive', 'dead'] as const;

/** Circumstances of a call. */
export interface Condition {
  /** Milliseconds of round trip to the page's server and to the gateway. */
  rtt: number;
  stun: (typeof STUNS)[number];
  /** `warm`: the pointer rests on the button before it presses. */
  start: (typeof STARTS)[number];
  /** How many times slower than it is the processor is made. */
  cpu: number;
}

export interface Options {
  conditions: Condition[];
  systems: System[];
  runs: number;
  /** The build of the element. */
  dist: string;
  /** The file of results. */
  output: string;
}

const USAGE = `Usage: npm run bench:call -- [options]

  --rtt 0,50,150          round trips in milliseconds
  --stun alive,dead       STUN servers
  --start cold,warm       click without a hover; pointer at rest on the button before
  --cpu 1,4               CPU throttling
  --systems ${SYSTEMS.join(',')}
  --runs 7                calls of each system under each of these conditions
  --dist dist/cdn         build of the element
  --output test/bench/call/results.json`;

const HERE = new URL('.', import.meta.url);

/** What the command line asks for; undefined where it asked for help. */
export function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      rtt: { type: 'string', default: '0,50,150' },
      stun: { type: 'string', default: STUNS.join() },
      start: { type: 'string', default: STARTS.join() },
      cpu: { type: 'string', default: '1,4' },
      systems: { type: 'string', default: SYSTEMS.join() },
      runs: { type: 'string', default: '7' },
      dist: { type: 'string', default: fileURLToPath(new URL('../../../dist/cdn', HERE)) },
      output: { type: 'string', default: fileURLToPath(new URL('results.json', HERE)) },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  const conditions: Condition[] = [];
  for (const rtt of numbers('rtt', values.rtt, 0)) {
    for (const stun of words('stun', values.stun, STUNS)) {
      for (const start of words('start', values.start, STARTS)) {
        for (const cpu of numbers('cpu', values.cpu, 1)) conditions.push({ rtt, stun, start, cpu });
      }
    }
  }
  const [runs] = numbers('runs', values.runs, 1);
  const systems = words('systems', values.systems, SYSTEMS);
  return { conditions, systems, runs: runs!, dist: values.dist, output: values.output };
}

function words<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (found === undefined) throw new Error(`--${name}: "${word}" is none of ${known.join(', ')}`);
    return found;
  });
}

function numbers(name: string, text: string, least: number): number[] {
  return text.split(',').map((word) => {
    const number = Number(word);
    if (word === '' || !(number >= least)) throw new Error(`--${name}: "${word}" is no number of ${least} or more`);
    return number;
  });
}
