import { isIos } from './browser-family.js';
import type { Surroundings } from './surroundings.js';

/** Applications that open links in a browser of their own, most of them without a microphone. */
export type App = 'facebook' | 'instagram' | 'linkedin' | 'tiktok' | 'line' | 'wechat' | 'snapchat' | 'pinterest' | 'x';

export interface InAppBrowser {
  app: App;
  system: 'android' | 'ios';
}

/**
 * What each application writes into the user agent of its pages. Instagram stands first, since it may carry Facebook's
 * marks as well.
 */
const MARKS: readonly (readonly [App, RegExp])[] = [
  ['instagram', /\bInstagram /],
  ['facebook', /\bFB(?:AN|AV|_IAB)\//],
  ['linkedin', /\bLinkedInApp\b/],
  ['tiktok', /\b(?:BytedanceWebview\/|musical_ly|trill_|TikTok )/],
  ['line', / Line\/\d/],
  ['wechat', /\bMicroMessenger\//],
  ['snapchat', /\bSnapchat\//],
  ['pinterest', /\bPinterest(?: for (?:iOS|Android)\b|\/\w)/],
  ['x', /\bTwitter for iP|\bTwitterAndroid\b/],
];

/** The application in whose own browser the page is open; undefined in a browser of its own, and on computers. */
export function inAppBrowser(traits: Pick<Surroundings, 'userAgent' | 'maxTouchPoints'>): InAppBrowser | undefined {
  const { userAgent } = traits;
  const system = isIos(traits) ? 'ios' : /Android/.test(userAgent) ? 'android' : undefined;
  const app = MARKS.find(([, mark]) => mark.test(userAgent))?.[0];
  return system && app && { app, system };
}
