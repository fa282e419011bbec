/**
 * Records what the real gateway says to a browser: calls of every kind through Kamailio, rtpengine and baresip, with the
 * built files in Chromium, every SIP message as it came. What differs from call to call becomes a placeholder, and with it
 * goes what nobody may read: tokens, user names, keys. Writes `test/fuzz/traces.json`, which the fuzz mutates.
 *
 *     npm run --silent build && npx tsx test/fuzz/record.ts
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { SautikitClient } from '../../src/client.js';
import { startStack } from '../../demo/stack/stack.js';
import { addToGrants } from '../journey/support/sent-offers.js';
import { eventually, launch, Visitor } from '../support/visitor.js';
import { redacted, type Frame } from './support/redacted.js';

declare global {
  interface Window {
    deskClient: SautikitClient;
    sockets: WebSocket[];
  }
}

const stack = await startStack();
const browser = await launch('chromium');
const traces: { name: string; frames: Frame[] }[] = [];

/** Records what passes the page's WebSockets from now on. */
async function listen(page: Page, name: string): Promise<void> {
  const frames: Frame[] = [];
  traces.push({ name, frames });
  const session = await page.createCDPSession();
  await session.send('Network.enable');
  const keep = (from: Frame['from']) => (event: { response: { payloadData: string } }) => {
    const text = event.response.payloadData;
    if (text.trim()) frames.push({ from, text });
  };
  session.on('Network.webSocketFrameReceived', keep('gateway'));
  session.on('Network.webSocketFrameSent', keep('browser'));
}

/** Time for the good-byes of a call and its registration (ms). */
const GOODBYE = 700;

/** A visitor calls a line. */
async function visit(
  name: string,
  line: string,
  scene: (visitor: Visitor) => Promise<unknown>,
  grant: Record<string, unknown> = {},
): Promise<void> {
  const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`, async (page) => {
    await listen(page, name);
    await addToGrants(page, grant);
    await page.evaluateOnNewDocument(() => {
      window.sockets = [];
      window.WebSocket = class extends WebSocket {
        constructor(...args: ConstructorParameters<typeof WebSocket>) {
          super(...args);
          window.sockets.push(this);
        }
      };
    });
  });
  await visitor.page.$eval('sautikit-call-button', (element, to) => element.setAttribute('line', to), line);
  await visitor.press('button');
  await scene(visitor);
  await sleep(GOODBYE);
  await visitor.page.close();
}

/** A phone calls a desk. */
async function called(name: string, query: string, scene: (desk: Page) => Promise<unknown>): Promise<void> {
  const desk = await browser.newPage();
  await listen(desk, name);
  await desk.goto(new URL(`pages/desk.html${query}`, stack.addresses.page).href);
  await eventually('the desk is registered', async () => (await desk.title()) === 'connected');
  await stack.phone('sales').dial(stack.addresses.trunk.replace('sip:', 'sip:+254200000001@'));
  await scene(desk);
  await stack.phone('sales').hangup();
  await eventually('the call is over', () => desk.evaluate(() => !window.deskCall?.live));
  await desk.evaluate(() => window.deskClient.disconnect());
  await sleep(GOODBYE);
  await desk.close();
}

const hangUp = async (visitor: Visitor): Promise<void> => {
  await visitor.press('hangup');
  await visitor.ended();
};

try {
  await visit('answered, hung up by the browser', 'sales', async (visitor) => {
    await visitor.comesTo('active');
    await hangUp(visitor);
  });
  await visit('answered, hung up by the phone', 'hangup', (visitor) => visitor.ended());
  await visit('answered, digits', 'support', async (visitor) => {
    await visitor.comesTo('active');
    await visitor.page.$eval('sautikit-call-button', (element) => element.sendDTMF('42#'));
    await hangUp(visitor);
  });
  await visit('the connection is cut, and the call goes on', 'support', async (visitor) => {
    await visitor.comesTo('active');
    await visitor.hears('the phone');
    await visitor.page.evaluate(() => window.sockets.at(-1)!.close());
    await eventually('another is open', () => visitor.page.evaluate(() => window.sockets.at(-1)!.readyState === 1));
    // Registered again, and the phone told.
    await sleep(2 * GOODBYE);
    await hangUp(visitor);
  });
  for (const line of ['busy', 'decline', 'unavailable', 'notfound', 'challenge']) {
    await visit(`refused: ${line}`, line, (visitor) => visitor.ended());
  }
  await visit('given up on by the browser', 'ringing', async (visitor) => {
    await visitor.comesTo('ringing');
    await hangUp(visitor);
  });
  await visit('a token that nobody knows', 'sales', (visitor) => visitor.ended(), {
    token: 'aaaaaaaa.bbbbbbbb.cccccccc',
  });
  await called('called, answered, hung up by the phone', '', async () => {
    await stack.phone('sales').waitFor('CALL_ESTABLISHED');
    await sleep(GOODBYE);
  });
  await called('called, and given up on by the phone', '?answer-after=60000', (desk) =>
    eventually('the desk rings', () => desk.evaluate(() => window.deskCall?.state === 'ringing')),
  );
} finally {
  await browser.close();
  await stack.stop();
}
const told = traces.map(({ name, frames }) => ({ name, frames: redacted(frames) }));
await writeFile(new URL('traces.json', import.meta.url), `${JSON.stringify(told, undefined, 2)}\n`);
for (const { name, frames } of told) console.log(`${name}: ${frames.length} messages`);
