/**
 * `npm run visual`: a picture of every face of the button in each look, in `test/visual/pictures`, and a sheet of them all,
 * `docs/faces.webp`. Words after the command choose faces by parts of their names, and then no sheet is made.
 */
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FACES, type FaceName } from '../../demo/pages/faces.js';
import { startDemo } from '../../demo/site.js';
import { FacesPage } from '../a11y/support/faces-page.js';
import { launch } from '../support/visitor.js';
import { makeSheet } from './contact-sheet.js';
import { LOOKS } from './looks.js';

const PICTURES = fileURLToPath(new URL('pictures/', import.meta.url));
const SHEET = fileURLToPath(new URL('../../docs/faces.webp', import.meta.url));

const words = process.argv.slice(2);
const faces = (Object.keys(FACES) as FaceName[]).filter(
  (name) => words.length === 0 || words.some((word) => name.includes(word)),
);

if (words.length === 0) await rm(PICTURES, { recursive: true, force: true });
await mkdir(PICTURES, { recursive: true });
const demo = await startDemo({ port: 0 });
const browser = await launch('chromium');
try {
  for (const look of LOOKS) {
    const { name, direction, width, height, kept } = look;
    const page = await FacesPage.open(browser, demo.url, width, height);
    const clip = { x: direction === 'rtl' ? width - kept : 0, y: 0, width: kept, height };
    for (const face of faces) {
      await page.show(face, look);
      // The ring of the focus stands where the caller comes by keyboard; here it would be in every picture.
      await page.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.page.screenshot({
        path: `${PICTURES}${face}.${name}.png`,
        clip,
        captureBeyondViewport: false,
        optimizeForSpeed: true,
      });
    }
    await page.page.close();
    console.log(`${name}: ${faces.length} pictures`);
  }
  if (words.length === 0) console.log(`${SHEET}: ${await makeSheet(browser, PICTURES, SHEET, faces)} bytes`);
} finally {
  await browser.close();
  await demo.stop();
}
