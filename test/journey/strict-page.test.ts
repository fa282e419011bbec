import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { versioned } from '../../build/cdn/names.js';
import { at } from '../../build/shared-config.js';
import type { Phone } from '../../demo/stack/phone.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { messages as english } from '../../src/i18n/locales/en.js';
import { messages as swahili } from '../../src/i18n/locales/sw.js';
import type { BrowserName } from '../support/browsers.js';
import { eventually, launch, Visitor } from '../support/visitor.js';
import { StrictSite } from './support/strict-site.js';

/** What the page of these tests remembers by a script of its own, the first of it. */
interface StrictWindow {
  /** What the page's policies had something against, and what nobody caught. */
  violations: string[];
  /** How many tones were made. */
  tones: number;
  microphoneGone: boolean;
}

const NONCE = 'c3RyaWN0bHk';
/** Energy (RMS, 0 to 1) that a muted browser may leave at the phone, and that a voice certainly brings. */
const SILENCE = 0.005;
const VOICE = 0.01;

/** What a partner's page gives the frame that has the shop's page. */
const FRAMES = {
  whole: 'allow="microphone" sandbox="allow-scripts allow-same-origin"',
  deaf: 'sandbox="allow-scripts allow-same-origin"',
  nobody: 'allow="microphone" sandbox="allow-scripts"',
};

/** Runs first of all. What the browser itself asks for, a page's icon, is none of the button's. */
const WATCH = `
  violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
    blockedURI.endsWith('/favicon.ico') || violations.push(effectiveDirective + ' ' + blockedURI + ' ' + sample));
  addEventListener('error', ({ message }) => violations.push(message));
  addEventListener('unhandledrejection', ({ reason }) => violations.push(String(reason)));`;

/** Runs in the page before its scripts: a network that gets worse, a microphone that can be gone, tones that are counted. */
function arrange(): void {
  const strict = window as unknown as StrictWindow;
  strict.tones = 0;
  const { OscillatorNode: Oscillator } = window;
  window.OscillatorNode = class extends Oscillator {
    constructor(context: BaseAudioContext, options?: OscillatorOptions) {
      super(context, options);
      strict.tones += 1;
    }
  };
  const { getStats } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.getStats = async function () {
    const stats = new Map((await getStats.call(this)) as unknown as Map<string, object>);
    stats.set('bad', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.4, roundTripTime: 2 });
    return stats as unknown as RTCStatsReport;
  };
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = (constraints) =>
    strict.microphoneGone ? Promise.reject(new DOMException('', 'NotFoundError')) : open(constraints);
}

describe(
  'a page that allows its endpoint, its gateway and scripts with a nonce, and nothing else',
  { concurrency: 2 },
  () => {
    let site: StrictSite;
    let stack: Stack;
    const browsers: Partial<Record<BrowserName, Browser>> = {};
    const hashes = JSON.parse(readFileSync(at('dist/cdn/integrity.json'), 'utf8')) as Record<string, string>;

    before(async () => {
      site = await StrictSite.start();
      await Promise.all([
        startStack({ allowedOrigins: [site.shop] }).then((started) => (stack = started)),
        ...(['chromium', 'firefox'] as const).map(async (name) => (browsers[name] = await launch(name))),
      ]);
      site.tokenUrl = stack.addresses.token_url;
      for (const line of ['sales', 'support']) {
        site.pages.set(`/${line}`, shopPage(line, `'nonce-${NONCE}' 'strict-dynamic'`));
        // A nonce that does not hold for what a script loads.
        site.pages.set(`/framed-${line}`, shopPage(line, `'nonce-${NONCE}'`));
        for (const [name, attributes] of Object.entries(FRAMES)) {
          const html = `<!doctype html><title>A partner</title><link rel="icon" href="data:," />
          <iframe width="500" height="640" ${attributes} src="${site.shop}/framed-${line}"></iframe>`;
          // Of another origin than the shop's.
          site.pages.set(`/partner-${name}-${line}`, { policy: '', html });
        }
      }
    });

    after(async () => {
      await Promise.all(Object.values(browsers).map((browser) => browser.close()));
      await stack?.stop();
      await site?.stop();
    });

    const shopPage = (line: string, scripts: string) => ({
      policy: [
        "default-src 'none'",
        `script-src ${scripts}`,
        `connect-src ${site.shop}/api/sip-token ${stack.addresses.gateway_url}`,
        "require-trusted-types-for 'script'",
        "trusted-types sautikit-call-button 'allow-duplicates'",
      ].join('; '),
      html: `<!doctype html>
<html lang="sw">
  <head>
    <meta charset="utf-8" />
    <title>A strict shop</title>
    <script nonce="${NONCE}">${WATCH}</script>
    <script type="module" crossorigin nonce="${NONCE}" src="${site.cdn}/${versioned()}" integrity="${hashes[versioned()]}"></script>
  </head>
  <body><sautikit-call-button token-url="/api/sip-token" line="${line}">Piga</sautikit-call-button></body>
</html>`,
    });

    for (const [name, line] of [
      ['chromium', 'sales'],
      ['firefox', 'support'],
    ] as const) {
      // One page at a time: a browser draws no other.
      describe(`in ${name}`, { concurrency: 1 }, () => {
        /** Whoever failed must not leave a phone in a call. */
        let opened: Visitor | undefined;
        afterEach(() => opened?.page.close());

        const prepare = async (page: Page) => void (await page.evaluateOnNewDocument(arrange));

        /** Looked for again and again: what changes in a shadow root, no browser's own waiting notices. */
        const inside = (visitor: Visitor, selector: string) =>
          eventually(`there is ${selector}`, () =>
            visitor.frame.$(`sautikit-call-button >>> ${selector}`).then((found) => found ?? undefined),
          );

        const click = async (visitor: Visitor, selector: string) => (await inside(visitor, selector)).click();

        const text = async (visitor: Visitor, selector: string) =>
          (await inside(visitor, selector)).evaluate((element) => element.textContent!.trim());

        const strict = (visitor: Visitor) =>
          visitor.frame.evaluate(() => {
            const { violations, tones } = window as unknown as StrictWindow;
            return { violations, tones };
          });

        const hearEachOther = (visitor: Visitor, phone: Phone) =>
          Promise.all([
            visitor.hears('the phone'),
            eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE),
          ]);

        async function expectNothingAgainstIt(visitor: Visitor): Promise<void> {
          assert.deepEqual((await strict(visitor)).violations, []);
          // Firefox also tells there of sockets that were closed early, as the one of the call without a microphone is.
          const told = visitor.errors.filter((each) => /policy|trusted/i.test(each) && !each.includes('/favicon.ico'));
          assert.deepEqual(told, []);
        }

        it('has a whole call, with every part of the panel', async () => {
          const phone = stack.phone(line);
          const since = phone.mark();
          const visitor = (opened = await Visitor.open(browsers[name]!, `${site.shop}/${line}`, prepare));
          await visitor.press('button');
          await visitor.comesTo('active');
          assert.ok((await strict(visitor)).tones > 0, 'the ringing tone was made');
          assert.equal(await text(visitor, '[for=mute]'), swahili.mute);
          assert.notEqual(swahili.mute, english.mute);
          const shadow = (await inside(visitor, '.panel')).evaluate((panel) => getComputedStyle(panel).boxShadow);
          assert.notEqual(await shadow, 'none', 'the panel has its styles');

          await click(visitor, '#devices-toggle');
          // Without a device that plays, Firefox has no audio context run: the meter is there, and stands still.
          const moves = name === 'chromium';
          await eventually('the meter shows the level', async () =>
            (await inside(visitor, '.level')).evaluate(
              (meter, least) =>
                Number(meter.getAttribute('aria-valuenow')) >= least &&
                Number(getComputedStyle(meter).getPropertyValue('--_level')) >= least / 100,
              moves ? 1 : 0,
            ),
          );
          for (const kind of ['microphone', 'speaker']) {
            const select = await visitor.frame.$(`sautikit-call-button >>> select[name=${kind}]`);
            const id = await select?.evaluate((element) => (element as HTMLSelectElement).options[1]?.value);
            // Firefox shows no speakers, and one made-up microphone.
            if (id) await select!.select(id);
          }
          await click(visitor, '.test');
          const test = inside(visitor, '.test.playing');
          await hearEachOther(visitor, phone);
          await visitor.press('mute');
          await eventually('the phone hears silence', async () => (await phone.recordedEnergy(500)) < SILENCE);
          await visitor.press('mute');
          await test;
          await eventually('a bad network is told', async () => (await text(visitor, '.message')) === swahili.poor);

          await click(visitor, '#keypad-toggle');
          await click(visitor, '[part=keypad] [part=key]:nth-child(5)');
          await eventually('the digit arrives', async () => phone.dtmf(since) === '5');
          const { tones } = await strict(visitor);
          await visitor.press('hangup');
          assert.equal((await visitor.ended())['outcome'], 'completed');
          assert.ok((await strict(visitor)).tones > tones, 'the tone of the end was made');

          await expectNothingAgainstIt(visitor);
        });

        const openFrame = (frame: keyof typeof FRAMES) =>
          Visitor.open(browsers[name]!, `${site.cdn}/partner-${frame}-${line}`, prepare, 'iframe');

        it('has a whole call in a sandboxed frame of another origin, after one without a microphone', async () => {
          const phone = stack.phone(line);
          const visitor = (opened = await openFrame('whole'));
          const takeMicrophone = (gone: boolean) =>
            visitor.frame.evaluate((gone) => ((window as unknown as StrictWindow).microphoneGone = gone), gone);
          await takeMicrophone(true);
          await visitor.press('button');
          await visitor.comesTo('failed');
          const code = await (await inside(visitor, '.code svg path')).evaluate((path) => path.getAttribute('d')!);
          assert.ok(code.length > 1000, 'a code to scan is drawn');
          await takeMicrophone(false);
          await click(visitor, '.again');
          await visitor.comesTo('active');
          await hearEachOther(visitor, phone);
          await visitor.press('hangup');
          await visitor.comesTo('ended');
          await expectNothingAgainstIt(visitor);
        });

        for (const [frame, hint] of [
          ['deaf', /: the iframe around it needs allow="microphone"/],
          ['nobody', /: a sandboxed frame has no origin without sandbox="allow-scripts allow-same-origin"/],
        ] as const) {
          it(`says what is missing in a frame ${frame === 'deaf' ? 'without the microphone' : 'without an origin'}`, async () => {
            const visitor = (opened = await openFrame(frame));
            await visitor.press('button');
            const { code, responsible } = await visitor.ended();
            assert.deepEqual({ code, responsible }, { code: 'mic-blocked', responsible: 'owner' });
            assert.equal(await text(visitor, '.panel h2'), swahili.noMicrophone);
            await eventually('the owner is told', async () => visitor.console.some((each) => hint.test(each)));
            assert.deepEqual((await strict(visitor)).violations, []);
          });
        }
      });
    }
  },
);
