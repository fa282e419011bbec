import type { Count } from '../../bench/cpu/count.js';
import { printTable } from '../../bench/figures.js';
import type { Tally } from './lane.js';
import type { Held, Sample } from './measure.js';

export interface Figures {
  minutes: number;
  processors: number;
  /** Of the machine in the last minute. */
  load: number;
  /** By kind. */
  calls: Record<string, Tally>;
  /** What each page held after the warm-up and at the end, at rest. */
  pages: readonly [warm: readonly Count[], end: readonly Count[]];
  /** The stack in the same two moments. */
  atRest: readonly [warm: Sample, end: Sample];
  /** Every minute, and at rest. */
  samples: readonly Sample[];
}

/** What is open at the end and must not be. */
export function leftOver({ pages, atRest }: Figures): string[] {
  const [, end] = atRest;
  const left = Object.entries({ dialogs: end.dialogs, sessions: end.sessions });
  const lasting = ['domNodes', 'marks'];
  const open = pages[1].flatMap(({ open }) => Object.entries(open).filter(([name]) => !lasting.includes(name)));
  return [...left, ...open].filter(([, number]) => number > 0).map(([name, number]) => `${name}: ${number}`);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

export function print(figures: Figures): void {
  const { minutes, calls, pages, atRest, samples } = figures;
  const kinds = Object.entries(calls);
  const all = (of: keyof Omit<Tally, 'failed'>): number => sum(kinds.map(([, tally]) => tally[of]));
  console.log(`\n${minutes} minutes of calls\n`);
  printTable(
    ['calls', 'made', 'failed', 'answered', 'heard by the caller', 'heard by the phone'],
    [
      ...kinds.map(([name, { calls, failed, answered, heardByCaller, heardByPhone }]) => [
        name,
        calls,
        failed.length,
        answered,
        heardByCaller,
        heardByPhone,
      ]),
      [
        'all',
        all('calls'),
        sum(kinds.map(([, { failed }]) => failed.length)),
        all('answered'),
        all('heardByCaller'),
        all('heardByPhone'),
      ],
    ],
  );
  for (const line of kinds.flatMap(([, { failed }]) => failed)) console.log(line);

  console.log('');
  const row = (name: string, of: (sample: Sample) => number): (string | number)[] => {
    const [warm, end] = atRest.map(of);
    return [name, warm!, end!, Math.max(...samples.map(of))];
  };
  const held = (name: string, of: (sample: Sample) => Held): (string | number)[][] => [
    row(`${name}: memory, kB`, (sample) => of(sample).memory),
    row(`${name}: open files`, (sample) => of(sample).files),
  ];
  const page = (name: string, of: (count: Count) => number): (string | number)[][] =>
    pages[0].map((_, at) => [
      `page ${at + 1}: ${name}`,
      Math.round(of(pages[0][at]!)),
      Math.round(of(pages[1][at]!)),
      '',
    ]);
  printTable(
    ['at rest', 'after the warm-up', 'at the end', 'most, in a call too'],
    [
      ...page('heap of scripts, kB', ({ heap }) => heap / 1000),
      ...page('of it objects, kB', ({ objects }) => objects / 1000),
      ...page('listeners', ({ browser }) => browser.JSEventListeners),
      ...page('nodes', ({ browser }) => browser.Nodes),
      ...held('browser', ({ browser }) => browser),
      ...held('Kamailio', ({ kamailio }) => kamailio),
      row('Kamailio: shared memory in use, kB', ({ shared }) => shared),
      row('Kamailio: calls', ({ dialogs }) => dialogs),
      ...held('rtpengine', ({ rtpengine }) => rtpengine),
      row('rtpengine: calls', ({ sessions }) => sessions),
      ...held('phones', ({ baresip }) => baresip),
      ...held('web server, token endpoint and hook', ({ backend }) => backend),
    ],
  );
  console.log(`\nleft open at the end: ${leftOver(figures).join(', ') || 'nothing'}`);
}
