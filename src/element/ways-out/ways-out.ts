import type { ErrorCode } from '../../errors.js';
import type { TextKey } from '../../i18n/words.js';
import type { WayOut } from '../panel/panel-model.js';
import { browserFamily, isHandheld, type BrowserFamily } from './browser-family.js';
import { inAppBrowser } from './in-app-browser.js';
import { openInBrowserUrl } from './open-in-browser.js';
import { addressToShare } from './page-address.js';
import { surroundings, type Surroundings } from './surroundings.js';

const STEPS: Readonly<Record<BrowserFamily, TextKey>> = {
  chromium: 'stepsChromium',
  firefox: 'stepsFirefox',
  safari: 'stepsSafari',
  android: 'stepsAndroid',
  ios: 'stepsIos',
};

/** Failures that another browser on the same device mends. */
const ANOTHER_BROWSER: readonly ErrorCode[] = ['mic-denied', 'mic-blocked', 'mic-missing', 'unsupported'];

/** The link, and its code where the library comes and the address is short enough. */
async function withCode(link: string): Promise<WayOut> {
  try {
    const { qrCode } = await import('./qr.js');
    return { link, code: qrCode(link) };
  } catch {
    return { link };
  }
}

/**
 * What leads out of a failure that calling again does not mend: where this very browser keeps the permission, or the way
 * to a browser or a device that can carry the call. It never rejects.
 *
 * @param here what is known of browser and page; default: this one
 * @returns undefined where there is nothing better than what the error's own text says
 */
export async function findWayOut(code: ErrorCode, here: Surroundings = surroundings()): Promise<WayOut | undefined> {
  const link = addressToShare(here.address);
  const inApp = inAppBrowser(here);
  if (inApp && ANOTHER_BROWSER.includes(code)) {
    const openInBrowser = link && openInBrowserUrl(link, inApp, here.userAgent);
    return link === undefined ? undefined : { link, ...(openInBrowser && { openInBrowser }) };
  }
  const family = browserFamily(here);
  switch (code) {
    case 'mic-denied':
      return family && { steps: STEPS[family] };
    case 'mic-missing':
      return link === undefined || isHandheld(here) ? undefined : withCode(link);
    // Only a frame is kept from the microphone by its page; opened by itself it may ask.
    case 'mic-blocked':
      return link !== undefined && here.framed ? { link } : undefined;
    case 'insecure-context':
    case 'unsupported':
      return link === undefined ? undefined : { link };
    default:
      return undefined;
  }
}
