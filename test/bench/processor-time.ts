import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a process as the kernel counts it, all its threads together, in seconds; in ticks of 10 ms. */
export function processorTime(pid: number): number {
  const fields = statOf(pid);
  return fields ? secondsOf(fields) : 0;
}

/** The same of a program and everything that it started: of its whole process group. */
export function processorTimeOfGroup(group: number): number {
  let seconds = 0;
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (fields && Number(fields[2]) === group) seconds += secondsOf(fields);
  }
  return seconds;
}

/** What stands behind the name in `/proc/<pid>/stat`: state, parent, group, … */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

/** utime and stime. */
function secondsOf(fields: readonly string[]): number {
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
