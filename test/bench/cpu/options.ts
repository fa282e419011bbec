import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = `Usage: npm run bench:cpu -- [options] [active] [calls]

  active             what an answered call costs, beside plain JsSIP
  calls              what many calls in a row leave in one page
                     (without either: both)
  --seconds <n>      length of one measurement of an answered call   20
  --rounds <n>       measurements of each kind, in turn              3
  --calls <n>        calls in a row                                  1000
  --warm-up <n>      of them before what the end is compared with    200
  --plain-calls <n>  calls in a row with plain JsSIP, 0 for none     300
  --kind <text>      only the kinds of answered calls whose name contains this; may be repeated
  --output <file>    test/bench/cpu/results.json`;

export interface Options {
  active: boolean;
  inARow: boolean;
  seconds: number;
  rounds: number;
  calls: number;
  warmUp: number;
  plainCalls: number;
  kinds: readonly string[];
  /** The file of results. */
  output: string;
}

/** What the command line asks for; prints the usage and ends the program where it asks for that, or for nonsense. */
export function readOptions(): Options {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '20' },
        rounds: { type: 'string', default: '3' },
        calls: { type: 'string', default: '1000' },
        'warm-up': { type: 'string', default: '200' },
        'plain-calls': { type: 'string', default: '300' },
        kind: { type: 'string', multiple: true, default: [] },
        output: { type: 'string', default: fileURLToPath(new URL('results.json', import.meta.url)) },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const unknown = positionals.find((name) => !['active', 'calls'].includes(name));
    if (unknown !== undefined) throw new Error(`"${unknown}" is nothing that is measured here`);
    const calls = whole('calls', values.calls, 2);
    return {
      active: positionals.length === 0 || positionals.includes('active'),
      inARow: positionals.length === 0 || positionals.includes('calls'),
      seconds: whole('seconds', values.seconds, 1),
      rounds: whole('rounds', values.rounds, 1),
      calls,
      warmUp: Math.min(whole('warm-up', values['warm-up'], 1), calls - 1),
      plainCalls: whole('plain-calls', values['plain-calls'], 0),
      kinds: values.kind,
      output: values.output,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw new Error(`--${name}: "${value}" is no number from ${least}`);
  return number;
}
