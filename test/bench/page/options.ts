import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export interface Options {
  /** Visits for compile and evaluate, for requests, shifts and long tasks, and for the heap. */
  rounds: number;
  loadRounds: number;
  heapRounds: number;
  /** How many times slower the processor is made. */
  slowdown: number;
  /** Only what has this in its name, beside our button and Lit's. */
  only: string;
  /** Where the figures are written as JSON. */
  out: string;
}

const HELP = `npm run bench:page -- [options]
  --rounds N       visits for compile and evaluate (15)
  --load-rounds N  visits for requests, layout shift and long tasks (3)
  --heap-rounds N  visits for the heap (3)
  --slowdown N     CPU throttling (4)
  --only TEXT      peers with this in their names; "none" measures only what the goals are about
  --out FILE       figures as JSON (test/bench/page/results.json)`;

export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '15' },
      'load-rounds': { type: 'string', default: '3' },
      'heap-rounds': { type: 'string', default: '3' },
      slowdown: { type: 'string', default: '4' },
      only: { type: 'string', default: '' },
      out: { type: 'string', default: fileURLToPath(new URL('results.json', import.meta.url)) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const number = (text: string): number => {
    const value = Number(text);
    if (!(value >= 1)) throw new Error(`${text} is no number of 1 or more`);
    return value;
  };
  return {
    rounds: number(values.rounds),
    loadRounds: number(values['load-rounds']),
    heapRounds: number(values['heap-rounds']),
    slowdown: number(values.slowdown),
    only: values.only,
    out: values.out,
  };
}
