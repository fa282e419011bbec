import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { ATTRIBUTES, defaultOf, type Attribute } from '../../demo/pages/playground-attributes.js';
import { contrastsOf, ENOUGH } from '../../demo/pages/playground-contrast.js';
import { SLOTS } from '../../demo/pages/playground-slots.js';
import { BRANDS } from '../../demo/pages/playground-tokens.js';
import { startDemo, type Demo } from '../../demo/site.js';
import { launchOptions } from '../support/browsers.js';

/** Something else than what the control says at first, as awkward as its kind allows. */
function anotherValue({ kind, choices, name }: Attribute): string {
  switch (kind) {
    case 'choice':
      return choices!.at(-1)!;
    case 'json':
      return '{"a":"\\"<b> & \'c\'"}';
    case 'boolean':
      return 'on';
    case 'text':
      return name === 'label' ? 'Ring "us" <now> & here' : `/api/status?${name}=1&x="2"`;
  }
}

/** What the live button is, as far as an owner has a say in it. */
const looksOf = (end: Page | Frame) =>
  end.$eval('sautikit-call-button', (element) => {
    const button = element.shadowRoot!.querySelector('button')!;
    const { backgroundColor, color, borderRadius } = getComputedStyle(button);
    return {
      attributes: Object.fromEntries(
        element
          .getAttributeNames()
          .filter((name) => name !== 'id')
          .map((name) => [name, element.getAttribute(name)]),
      ),
      children: element.innerHTML,
      style: { backgroundColor, color, borderRadius },
    };
  });

describe('the playground', { timeout: 120_000 }, () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;
  let errors: string[];

  before(async () => {
    demo = await startDemo({ port: 0 });
    browser = await puppeteer.launch(launchOptions('chromium'));
    await browser
      .defaultBrowserContext()
      .overridePermissions(new URL(demo.url).origin, ['clipboard-read', 'clipboard-sanitized-write']);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  beforeEach(async () => {
    errors = [];
    page = await browser.newPage();
    await page.setViewport({ width: 1440, height: 900 });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(demo.url);
    await page.waitForSelector('#face option:nth-of-type(2), #face optgroup');
  });
  afterEach(async () => {
    await page.close();
    assert.deepEqual(errors, []);
  });

  /** As somebody does who chooses, ticks or types. */
  const set = (name: string, value: string) =>
    page.evaluate(
      (wanted, to) => {
        const found = (document.getElementById('controls') as HTMLFormElement).elements.namedItem(wanted);
        const controls = found instanceof RadioNodeList ? [...found] : [found];
        for (const control of controls as HTMLInputElement[]) {
          if (control.type === 'radio' && control.value !== to) continue;
          if (control.type === 'radio' || control.type === 'checkbox') control.checked = to !== 'off';
          else control.value = to;
          control.dispatchEvent(new Event('input', { bubbles: true }));
        }
      },
      name,
      value,
    );
  const snippet = () => page.$eval('#snippet', (it) => it.textContent!);
  const attribute = (name: string) => page.$eval('#call', (it, which) => it.getAttribute(which), name);
  const buttonIs = (end: Page | Frame, ...states: string[]) =>
    end.waitForFunction(
      (wanted) => wanted.includes(document.querySelector('sautikit-call-button')!.callState),
      {},
      states,
    );

  async function hangUp(end: Page | Frame): Promise<void> {
    const button = await end.waitForSelector('sautikit-call-button >>> [part~=hangup]');
    await button!.click();
    await buttonIs(end, 'ended');
  }

  async function deskIsReady(): Promise<void> {
    const desk = (await (await page.$('#desk'))!.contentFrame())!;
    await desk.waitForSelector('#connection[data-state=ready]');
  }

  it('begins with the lines of the manual', async () => {
    const text = await snippet();
    assert.match(text, /<script type="module" src="[^"]+"><\/script>/);
    assert.match(text, /<sautikit-call-button line="sales" token-url="\/api\/sip-token">Call us/);
    assert.doesNotMatch(text, /--sautikit/);
    // Keeping the button's place is for owners who have no other means.
    assert.match(text, /<style>sautikit-call-button:not\(:defined\)\{/);
    await set('keep-place', 'off');
    assert.doesNotMatch(await snippet(), /<style>/);
  });

  it('has a control for every attribute, which changes the button and the snippet at once, and back', async () => {
    for (const it of ATTRIBUTES) {
      const value = anotherValue(it);
      await set(`attribute ${it.name}`, value);
      const expected = it.kind === 'boolean' ? '' : value;
      assert.equal(await attribute(it.name), expected, it.name);
      const parsed = await page.evaluate(
        (html) => {
          const template = document.createElement('template');
          template.innerHTML = html;
          const element = template.content.querySelector('sautikit-call-button')!;
          return Object.fromEntries(element.getAttributeNames().map((name) => [name, element.getAttribute(name)]));
        },
        await snippet(),
      );
      assert.equal(parsed[it.name], expected, `${it.name} in the snippet`);

      await set(`attribute ${it.name}`, it.kind === 'boolean' ? 'off' : (it.initial ?? defaultOf(it)));
      assert.equal(await attribute(it.name), it.initial ?? null, `${it.name}, back again`);
    }
  });

  it('has a control for every slot and icon, and lets no link be a script', async () => {
    for (const { name } of SLOTS) {
      await set(`slot ${name}`, `Words for <${name}> & more`);
      await set(`link ${name}`, 'https://shop.example/?a=1&b="2"');
      const child = await page.$eval(`#call > [slot=${name}]`, (it) => [it.textContent, it.getAttribute('href')]);
      assert.deepEqual(child, [`Words for <${name}> & more`, 'https://shop.example/?a=1&b="2"']);
      assert.ok((await snippet()).includes(`Words for &lt;${name}&gt; &amp; more</a>`));
      await set(`link ${name}`, 'javascript:alert(1)');
      assert.equal(await page.$eval(`#call > [slot=${name}]`, (it) => it.getAttribute('href')), null);
    }
    await set('icon', 'headset');
    assert.ok(await page.$('#call > svg[slot=icon]'));
  });

  it('has brands that can be read, in light and dark, and puts their tokens into the snippet', async () => {
    for (const [name, { tokens }] of Object.entries(BRANDS)) {
      for (const { what, scheme, ratio } of contrastsOf(tokens)) {
        assert.ok(ratio >= ENOUGH, `${name}: ${what} in ${scheme} has only ${ratio.toFixed(2)}`);
      }
    }
    await set('brand', 'bank');
    assert.match(await snippet(), /sautikit-call-button \{\n\s+--sautikit-accent: #12356f;/);
    assert.match(
      await snippet(),
      /@media \(prefers-color-scheme: dark\) \{\s+sautikit-call-button \{\s+--sautikit-accent/,
    );
    assert.equal((await looksOf(page)).style.backgroundColor, 'rgb(18, 53, 111)');
    await set('theme', 'dark');
    assert.equal((await looksOf(page)).style.backgroundColor, 'rgb(157, 189, 255)');
    await set('light on-accent', '#777777');
    assert.match(await page.$eval('#contrast', (it) => it.textContent!), /^Hard to read: the button in light/);
    await set('measure radius', '3px; } body { display: none');
    assert.doesNotMatch(await snippet(), /body/);
  });

  it('shows a line that is closed before anybody presses', async () => {
    await set('attribute line', 'after-hours');
    await set('attribute status-url', '/api/status');
    await page.waitForFunction(() => document.querySelector('sautikit-call-button')!.availability === 'closed');
  });

  it('copies the snippet, says so, and takes it back when there is a newer one', async () => {
    await page.click('#copy');
    await page.waitForFunction(() => document.getElementById('copied')!.textContent === 'Copied');
    assert.equal(await page.$eval('#copied', (it) => it.getAttribute('role')), 'status');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await snippet());
    await set('attribute variant', 'plain');
    assert.equal(await page.$eval('#copied', (it) => it.textContent), '');
  });

  it('gives the same button to a blank page', async () => {
    await set('brand', 'studio');
    await set('text', 'Talk to "us" & <them>');
    await set('script', '/src/cdn.ts');
    await set('attribute size', 'large');
    await set('attribute messages', '{"dialing":"\\"<One> & moment\\""}');
    await set('slot callback', 'We call you back');
    const [html, here] = [await snippet(), await looksOf(page)];

    await page.setRequestInterception(true);
    page.on('request', (request) =>
      request.url().endsWith('/blank')
        ? void request.respond({
            contentType: 'text/html',
            body: `<!doctype html><title>Blank</title><link rel=icon href=data:,>${html}`,
          })
        : void request.continue(),
    );
    await page.goto(new URL('/blank', demo.url).href);
    await page.waitForSelector('sautikit-call-button >>> button');
    const there = await looksOf(page);
    // The corners are given in the size of the text, which is the page's.
    delete (here.style as Partial<typeof here.style>).borderRadius;
    delete (there.style as Partial<typeof there.style>).borderRadius;
    assert.deepEqual(there, here);
  });

  it('shows every state without a call, and calls when the button is pressed after that', async () => {
    await deskIsReady();
    const faces = await page.$$eval('#face option', (options) => options.map(({ value }) => value).filter(Boolean));
    assert.ok(faces.length > 2);
    for (const name of faces) await set('face', name);
    await set('face', 'dialing');
    await page.waitForSelector('#call >>> [part~=panel]');
    await set('face', 'idle');
    await page.waitForSelector('#call >>> [part~=panel]', { hidden: true });

    await page.click('#call');
    await buttonIs(page, 'active');
    assert.equal(await page.$eval('#face', (it) => (it as HTMLSelectElement).value), '');
    // What is looked at stays as it is, for as long as somebody speaks through it.
    assert.ok(await page.$('#face:disabled'));
    await hangUp(page);
    await page.waitForSelector('#face:enabled');
  });

  it('leaves the focus with those who choose a state, whatever the panel does', async () => {
    for (const width of ['', '390']) {
      // A list takes what is typed soon after as more of the same word.
      await page.reload();
      await page.waitForSelector('#face optgroup');
      await set('width', width);
      const end = width ? (await (await page.$('#phone'))!.contentFrame())! : page;
      await end.waitForSelector('sautikit-call-button >>> button');
      await page.focus('#face');
      await page.keyboard.type('Ringing');
      await end.waitForSelector('sautikit-call-button[state=ringing] >>> [part~=panel]');
      assert.equal(await page.evaluate(() => document.activeElement!.id), 'face');
    }
  });

  it('calls from the width of a phone too', async () => {
    await deskIsReady();
    await set('attribute variant', 'outline');
    await set('width', '390');
    const phone = (await (await page.waitForSelector('#phone', { visible: true }))!.contentFrame())!;
    await phone.waitForSelector('sautikit-call-button[variant=outline] >>> button');
    assert.equal(await phone.evaluate(() => innerWidth), 390);
    await phone.click('sautikit-call-button');
    await buttonIs(phone, 'active');
    await page.waitForSelector('#way[data-at=active]');
    await hangUp(phone);
  });

  it('can be used with the keyboard alone, and names every control', async () => {
    await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
    const wanted = await page.$$eval('a, button, input, select, textarea, summary, pre, iframe', (all) =>
      all
        .filter((it) => it.checkVisibility() && !it.matches('[type=radio]:not(:checked)'))
        .map((it, at) => {
          it.setAttribute('data-at-key', String(at));
          return String(at);
        }),
    );
    const reached = new Set<string>();
    for (let presses = 0; presses < wanted.length + 30 && reached.size < wanted.length; presses++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => document.activeElement?.getAttribute('data-at-key'));
      if (at) reached.add(at);
    }
    assert.deepEqual(
      wanted.filter((at) => !reached.has(at)),
      [],
    );

    const nameless = await page.accessibility.snapshot({ interestingOnly: true });
    const controls = ['textbox', 'checkbox', 'radio', 'combobox', 'button', 'ColorWell', 'spinbutton'];
    const visit = (node: typeof nameless): string[] =>
      node
        ? [...(controls.includes(node.role) && !node.name ? [node.role] : []), ...(node.children ?? []).flatMap(visit)]
        : [];
    assert.deepEqual(visit(nameless), []);
  });

  it('leaves nothing for axe to find, wide and narrow, light and dark, with a face and on a phone', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const views = [
      { width: 1440, scheme: 'light', name: 'face', value: 'dialing' },
      { width: 320, scheme: 'dark', name: 'width', value: '320' },
    ];
    for (const { width, scheme, name, value } of views) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.reload();
      await page.waitForSelector('#face optgroup');
      await page.$$eval('details', (all) => all.forEach((it) => (it.open = true)));
      await set(name, value);
      if (name === 'face') await page.waitForSelector('#call >>> [part~=panel]');
      else await (await (await page.$('#phone'))!.contentFrame())!.waitForSelector('sautikit-call-button >>> button');
      for (const frame of page.frames()) await frame.evaluate(axe);
      const found = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map((it) => [it.id, it.nodes.map((node) => node.html)]))',
      );
      assert.deepEqual(found, []);
    }
  });

  it('moves nothing while it comes, and fits a window of 320 px', async () => {
    const narrow = await browser.newPage();
    await narrow.setViewport({ width: 320, height: 700 });
    await narrow.evaluateOnNewDocument(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await narrow.goto(demo.url);
    await narrow.waitForSelector('#face optgroup');
    assert.equal(await narrow.evaluate(() => document.documentElement.scrollWidth), 320);
    assert.deepEqual(await narrow.evaluate('shifts'), []);
    await narrow.close();
  });
});
