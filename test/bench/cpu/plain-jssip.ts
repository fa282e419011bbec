import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import type { PlainCalls } from './page/plain-jssip.js';
import { openPage } from './workbench.js';

declare global {
  interface Window {
    plainCalls: PlainCalls;
  }
}

let bundled: Promise<string> | undefined;

/** JsSIP as it is published and the few lines around it, as a site would bundle them. */
function bundle(): Promise<string> {
  bundled ??= build({
    entryPoints: [fileURLToPath(new URL('page/plain-jssip.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    logLevel: 'silent',
  }).then(({ outputFiles }) => outputFiles[0]!.text);
  return bundled;
}

/** An empty page with plain JsSIP in it. @param site any page of the stack */
export async function openPlainPage(
  browser: Browser,
  site: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await openPage(browser, `${site}pages/blank.html`, prepare);
  await page.addScriptTag({ content: await bundle() });
  return page;
}
