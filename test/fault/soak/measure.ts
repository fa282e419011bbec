import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';
import type { Stack } from '../../../demo/stack/stack.js';

/** What a program and everything that it started hold. */
export interface Held {
  /** Memory in kB, of which what is shared is shared out among those who share it (`Pss` of proc(5)). */
  memory: number;
  files: number;
}

export interface Sample {
  /** Since the beginning, in seconds. */
  at: number;
  kamailio: Held;
  rtpengine: Held;
  /** All phones together. */
  baresip: Held;
  browser: Held;
  /** This process: web server, token endpoint and hook. */
  backend: Held;
  /** Kamailio's shared memory that is in use (kB). */
  shared: number;
  /** Calls that Kamailio knows, in whatever state. */
  dialogs: number;
  /** Calls that rtpengine knows. */
  sessions: number;
}

export async function takeSample(stack: Stack, browser: Browser, at: number): Promise<Sample> {
  const groups = stack.pids.map((pid) => ({ name: read(`/proc/${pid}/comm`).trim(), held: heldBy(pid) }));
  const all = (wanted: string): Held =>
    groups.filter(({ name }) => name === wanted).reduce((sum, { held }) => add(sum, held), NOTHING);
  return {
    at: Math.round(at),
    kamailio: all('kamailio'),
    rtpengine: all('rtpengine'),
    baresip: all('baresip'),
    browser: heldBy(browser.process()?.pid ?? -1),
    backend: heldByOne(process.pid),
    shared: Math.round((await askKamailio(stack, 'core.shmmem', 'used')) / 1024),
    dialogs: await askKamailio(stack, 'dlg.stats_active', 'all'),
    sessions: await sessionsOf(stack),
  };
}

const NOTHING: Held = { memory: 0, files: 0 };
const add = (one: Held, other: Held): Held => ({
  memory: one.memory + other.memory,
  files: one.files + other.files,
});

/** Of a process group. */
function heldBy(group: number): Held {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && groupOf(name) === group)
    .reduce((sum, name) => add(sum, heldByOne(Number(name))), NOTHING);
}

function groupOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function heldByOne(pid: number): Held {
  const memory = Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  try {
    return { memory, files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return NOTHING;
  }
}

/** Nothing where it is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A number that the operator reads with `kamcmd`. */
async function askKamailio({ folder }: Stack, command: string, field: string): Promise<number> {
  const { stdout } = await promisify(execFile)('kamcmd', ['-s', `unix:${join(folder, 'kamailio_ctl')}`, command]);
  const value = new RegExp(`^\\s*${field}: (\\d+)`, 'm').exec(stdout)?.[1];
  if (value === undefined) throw new Error(`kamcmd ${command} tells no ${field}: ${stdout}`);
  return Number(value);
}

/** By its control protocol over HTTP: a word of ours and JSON, answered with the same word. */
async function sessionsOf({ rtpengineUrl }: Stack): Promise<number> {
  const word = `soak${performance.now()}`;
  const response = await fetch(`${rtpengineUrl}/ng`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-rtpengine-ng' },
    body: `${word} ${JSON.stringify({ command: 'list', limit: '1000' })}`,
  });
  const answer = JSON.parse((await response.text()).slice(word.length)) as { calls: unknown[] };
  return answer.calls.length;
}
