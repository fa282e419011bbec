import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deskEnergy } from '../support/desk-page.js';
import { eventually, Visitor } from '../support/visitor.js';
import { useSite } from './support/use-site.js';

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a call through the embedded gateway to a desk, in ${name}, with the built files`, () => {
    const use = useSite(name);

    const open = () => Visitor.open(use.browser, `${use.site.url}/pages/visitor.html`);

    it('is heard at both ends, is muted, and is hung up on by the visitor', async () => {
      const visitor = await open();
      await visitor.press('button');
      await visitor.comesTo('active');
      await visitor.hears('the desk');
      await eventually('the desk hears the visitor', async () => (await deskEnergy(use.desk)) > 0.0001);
      await visitor.press('mute');
      await eventually('the desk hears silence', async () => (await deskEnergy(use.desk)) < 0.00001);
      await visitor.press('hangup');
      assert.equal((await visitor.ended())['outcome'], 'completed');
      await eventually('the desk heard of it', () => use.desk.evaluate(() => !window.deskCall.live));
      assert.deepEqual(visitor.errors, []);
      await visitor.page.close();
    });

    it('is hung up on by the desk', async () => {
      const visitor = await open();
      await visitor.press('button');
      await visitor.comesTo('active');
      await use.desk.evaluate(() => window.deskCall.hangup());
      assert.equal((await visitor.ended())['outcome'], 'completed');
      assert.equal(await visitor.liveTracks(), 0);
      await visitor.page.close();
    });

    it('asks before the visitor leaves the page, and ends when they do', async () => {
      const visitor = await open();
      await visitor.press('button');
      await visitor.comesTo('active');
      const asked: string[] = [];
      visitor.page.on('dialog', (dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
      });
      await visitor.page.goto('about:blank');
      await eventually('the desk heard of it', () => use.desk.evaluate(() => !window.deskCall.live));
      assert.deepEqual(asked, ['beforeunload']);
      await visitor.page.close();
    });
  });
}
