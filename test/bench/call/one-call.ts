import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import type { Condition } from './options.js';
import type { System } from './systems.js';
import { witness, type Seen } from './witness.js';
import type { Workbench } from './workbench.js';

/** Milliseconds from the click; absent where it was not reached. */
export interface Call {
  socket?: number;
  asked?: number;
  microphone?: number;
  invite?: number;
  ringing?: number;
  answered?: number;
  audio?: number;
  /** Final answer to the INVITE, where it was no 200. */
  refused?: number;
  /** What the element tells of itself, by the event of the call's end. */
  told?: Record<string, number>;
}

/** A call that did not dial within this time never did, as a caller sees it. */
const NEVER_MS = 12_000;
const SILENT_MS = 6_000;
/** Between a page that is loaded and the pointer. */
const AT_REST_MS = 400;
/** How long the pointer rests on the button, and how long it presses. */
const HOVER_MS = 250;
const PRESS_MS = 80;

/** Opens the page as a new visitor, clicks, listens, hangs up, and leaves. */
export async function oneCall(browser: Browser, bench: Workbench, system: System, condition: Condition): Promise<Call> {
  bench.set(condition);
  const { phone, origin } = bench;
  const since = phone.mark();
  // Nothing is left of the visit before: no cache, no connection.
  const visit = await browser.createBrowserContext();
  try {
    // As a visitor has it who has called before.
    await visit.overridePermissions(origin, ['microphone']);
    const page = await visit.newPage();
    page.on('pageerror', (error) => console.error(`${system}: ${String(error)}`));
    await page.setViewport({ width: 800, height: 700 });
    await page.emulateCPUThrottling(condition.cpu);
    // The TypeScript runner wraps named functions in a helper that a page does not have.
    await page.evaluateOnNewDocument('globalThis.__name ??= (value) => value');
    await page.evaluateOnNewDocument(witness, { invite: NEVER_MS, audio: SILENT_MS });
    await page.goto(`${origin}/${system}.html`, { waitUntil: 'load' });
    await click(page, condition.start);
    const seen = await page.evaluate(() => window.over);
    const call = fromClick(seen);
    await page.emulateCPUThrottling(1);
    const told = await hangUp(page, system);
    if (told) call.told = told;
    await freePhone(bench, since);
    return call;
  } finally {
    await visit.close();
  }
}

async function click(page: Page, start: Condition['start']): Promise<void> {
  const button = (await page.waitForSelector('[data-call]'))!;
  const box = (await button.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(1, 1);
  await sleep(AT_REST_MS);
  if (start === 'cold') return page.mouse.click(x, y);
  await page.mouse.move(x, y);
  await sleep(HOVER_MS);
  await page.mouse.down();
  await sleep(PRESS_MS);
  await page.mouse.up();
}

function fromClick({ click, status, ...milestones }: Seen): Call {
  if (click === undefined) throw new Error('The click did not reach the page');
  const call: Call = {};
  for (const [name, time] of Object.entries(milestones) as ['invite', number][]) call[name] = time - click;
  if (status !== undefined && status >= 300) call.refused = status;
  return call;
}

/** @returns what the element told of the call's times */
async function hangUp(page: Page, system: System): Promise<Record<string, number> | undefined> {
  if (system !== 'sautikit') {
    // Where no call came about, there is none to end.
    await page.evaluate(() => window.hangUp?.()).catch(() => undefined);
    return undefined;
  }
  return page.evaluate(async () => {
    const element = document.querySelector('sautikit-call-button')!;
    const ended = new Promise<Record<string, number>>((resolve) => {
      element.addEventListener('sautikit-call-ended', ({ detail }) => resolve({ ...detail.timings }), { once: true });
      // A call that is over already told it then.
      setTimeout(() => resolve({}), 2000);
    });
    await element.hangup();
    return ended;
  });
}

/** The phone takes one call at a time: with a second one it would mix them. */
async function freePhone({ phone }: Workbench, since: number): Promise<void> {
  if (phone.incoming(since) === 0) return;
  const closed = () => phone.waitFor('CALL_CLOSED', { since, limitMs: 3000 });
  await closed().catch(async () => {
    await phone.hangup();
    await closed();
  });
}
