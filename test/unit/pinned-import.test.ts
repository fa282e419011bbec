import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { importPinned } from '../../src/pinned-import.js';

/** A file that counts how often it ran; each test asks for an address of its own. */
const FILE = '/test/unit/support/pinned.js';
const runs = () => (globalThis as { pinnedRuns?: number }).pinnedRuns ?? 0;

async function integrityOf(url: string): Promise<string> {
  const bytes = await (await fetch(url)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-384', bytes));
  return `sha384-${btoa(String.fromCharCode(...digest))}`;
}

/** Whether it was refused; why is the browser's own business. */
const refused = (loading: Promise<unknown>) =>
  loading.then(
    () => false,
    () => true,
  );

describe('an import by its hash', () => {
  afterEach(() => sinon.restore());

  const ways = {
    'where what is preloaded is looked at': () => {},
    'where only scripts are, as in Safari': () => sinon.stub(Navigator.prototype, 'vendor').get(() => 'Apple'),
  };
  for (const [where, prepare] of Object.entries(ways)) {
    describe(where, () => {
      let address: string;

      beforeEach(() => {
        prepare();
        address = `${FILE}?${Math.random()}`;
      });

      it('gives what the file exports, and runs it once', async () => {
        const integrity = await integrityOf(address);
        const before = runs();
        const [first, second] = await Promise.all([importPinned(address, integrity), importPinned(address, integrity)]);
        expect((first as { value: string }).value).to.equal('as it was written');
        expect(second).to.equal(first);
        expect(await importPinned(address, integrity)).to.equal(first);
        expect(runs()).to.equal(before + 1);
      });

      it('runs nothing that has another hash, whichever address it comes from', async () => {
        const other = await integrityOf('/test/unit/pinned-import.test.ts');
        const before = runs();
        expect(await refused(importPinned(address, other))).to.equal(true);
        expect(await refused(importPinned(address, other))).to.equal(true);
        expect(runs()).to.equal(before);
      });
    });
  }
});
