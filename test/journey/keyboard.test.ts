import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { KeyInput } from 'puppeteer-core';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { messages } from '../../src/i18n/locales/en.js';
import { eventually, launch, Visitor } from '../support/visitor.js';

/** More stops than a page of one button and its panel has. */
const STOPS = 30;

/** A visitor without a pointer. */
class KeyboardVisitor {
  readonly #visitor: Visitor;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  async press(...keys: KeyInput[]): Promise<void> {
    for (const key of keys) await this.#visitor.page.keyboard.press(key);
  }

  /** Tag and name of what has the focus, through shadow roots. */
  focus(): Promise<string> {
    return this.#visitor.page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      const slot = at?.querySelector('slot:not([name])') as HTMLSlotElement | null;
      const slotted = slot?.assignedNodes().map(({ textContent }) => textContent);
      if (at instanceof HTMLSelectElement) return `select ${at.name}`;
      const label = (at as HTMLButtonElement | null)?.labels?.[0]?.textContent;
      const name =
        at?.getAttribute('aria-label') ?? label ?? slotted?.join('') ?? (at?.textContent || at?.getAttribute('title'));
      return `${at?.localName} ${name?.trim()}`;
    });
  }

  /** Presses Tab, or with it Shift, until the focus is there. */
  async tabTo(wanted: string, direction: 'forwards' | 'backwards' = 'forwards'): Promise<void> {
    const { keyboard } = this.#visitor.page;
    const passed: string[] = [];
    for (let stop = 0; stop < STOPS; stop++) {
      if (direction === 'backwards') await keyboard.down('Shift');
      await this.press('Tab');
      if (direction === 'backwards') await keyboard.up('Shift');
      const focus = await this.focus();
      if (focus === wanted) return;
      passed.push(focus);
    }
    throw new Error(`Tab never reached "${wanted}", only: ${passed.join(', ')}`);
  }

  focusComesTo(wanted: string): Promise<unknown> {
    return eventually(`the focus is on "${wanted}"`, async () => (await this.focus()) === wanted);
  }
}

describe('a whole call by keyboard, through Kamailio to a phone, with the built script', () => {
  let stack: Stack;

  before(async () => {
    stack = await startStack();
  });

  after(async () => {
    await stack?.stop();
  });

  for (const name of ['chromium', 'firefox'] as const) {
    it(`is placed, muted, dialled into, put away, found again and ended in ${name}`, async () => {
      const browser = await launch(name);
      try {
        const phone = stack.phone('sales');
        const since = phone.mark();
        const visitor = await Visitor.open(browser, `${stack.addresses.page}pages/visitor.html`);
        const keys = new KeyboardVisitor(visitor);
        const button = () => visitor.page.$('sautikit-call-button');
        const muted = () => visitor.page.$eval('sautikit-call-button', (element) => element.muted);
        const panel = () => visitor.page.$('sautikit-call-button >>> [part~=panel]');
        assert.ok(await button());

        await keys.tabTo('button Call us');
        await keys.press('Enter');
        await visitor.comesTo('active');
        await keys.focusComesTo(`h2 ${messages.active}`);

        await keys.tabTo(`button ${messages.mute}`);
        await keys.press(' ');
        await eventually('it is muted', muted);
        await keys.press(' ');
        await eventually('it is heard again', async () => !(await muted()));

        // Typed anywhere in the panel, which shows the keypad, and pressed on its keys.
        await keys.press('4', '2');
        await keys.tabTo('button 7', 'backwards');
        await keys.press(' ', '#');
        await eventually(`the digits arrive, not ${phone.dtmf(since)}`, async () => phone.dtmf(since) === '427#');

        await keys.tabTo(`button ${messages.sound}`);
        await keys.press('Enter');
        await keys.focusComesTo('select microphone');
        await keys.press('4');
        assert.equal(phone.dtmf(since), '427#', 'what is typed into a choice is not sent');

        await keys.press('Escape');
        await keys.focusComesTo('button Call us');
        assert.equal(await panel(), null, 'the panel is put away');
        assert.equal(await visitor.state(), 'active', 'and the call goes on');

        await keys.press('Enter');
        await keys.focusComesTo(`h2 ${messages.active}`);
        await keys.tabTo(`button ${messages.hangup}`);
        await keys.press('Enter');
        assert.equal((await visitor.ended())['outcome'], 'completed');
        await phone.waitFor('CALL_CLOSED', { since });
        // What was pressed is gone, and the focus is not.
        await keys.focusComesTo(`h2 ${messages.ended}`);

        await keys.press('Escape');
        await keys.focusComesTo('button Call us');
        assert.equal(await visitor.state(), 'idle');
        assert.deepEqual(visitor.errors, []);
      } finally {
        await browser.close();
      }
    });
  }
});
