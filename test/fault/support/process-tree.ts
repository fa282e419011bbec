import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

/** Ids of a browser's own processes, each before those that it has started. */
export function processesOf(browser: Browser): number[] {
  const root = browser.process()?.pid;
  if (root === undefined) throw new Error('this browser was not started here');
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** Undefined where the process has ended meanwhile. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** Stops a browser with all its processes where they stand, as a laptop does that is closed. @returns wakes it up */
export function putToSleep(browser: Browser): () => void {
  const tree = processesOf(browser);
  for (const pid of tree) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of tree.reverse()) process.kill(pid, 'SIGCONT');
  };
}
