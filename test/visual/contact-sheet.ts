import { stat, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { LOOKS } from './looks.js';

/** Faces side by side. */
const COLUMNS = 4;
/** Height of one picture on the sheet (CSS pixels); all are of one height, and a phone is narrower. */
const THUMB = 210;
/** Of WebP, 0 to 100: what text can still be read at. */
const QUALITY = 40;

/** Faces whose pictures differ by their words alone, or hardly at all, would only make the sheet longer. */
const LEFT_OUT = /^failed-(?!busy$|mic-)|^mic|quality-good|active-long|without-speakers|^bare|until-further/;

/** Lays out small pictures of the faces, each with its looks in a row, as one image. @returns its size in bytes */
export async function makeSheet(
  browser: Browser,
  folder: string,
  file: string,
  faces: readonly string[],
): Promise<number> {
  const cells = faces
    .filter((face) => !LEFT_OUT.test(face))
    .map(
      (face) =>
        `<figure>${LOOKS.map(({ name }) => `<img src="${face}.${name}.png" alt="">`).join('')}<figcaption>${face}</figcaption></figure>`,
    );
  const html = `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 12px; display: grid; grid-template-columns: repeat(${COLUMNS}, max-content); gap: 12px;
      font: 14px sans-serif; background: #e9ecef; width: max-content; }
    figure { position: relative; margin: 0; padding-top: 20px; display: flex; gap: 2px; }
    img { height: ${THUMB}px; }
    figcaption { position: absolute; top: 0; }
  </style>${cells.join('')}`;
  const source = `${folder}sheet.html`;
  await writeFile(source, html);
  const page = await browser.newPage();
  await page.goto(pathToFileURL(source).href, { waitUntil: 'load' });
  const body = await page.$('body');
  await body!.screenshot({ path: file as `${string}.webp`, type: 'webp', quality: QUALITY });
  await page.close();
  return (await stat(file)).size;
}
