import type { Surroundings } from './surroundings.js';

/** Browsers that keep a site's permissions in the same place. */
export type BrowserFamily = 'chromium' | 'firefox' | 'safari' | 'android' | 'ios';

type Traits = Pick<Surroundings, 'userAgent' | 'userAgentData' | 'platform' | 'maxTouchPoints'>;

/** iPhone and iPad. An iPad calls itself a Mac, and only its screen gives it away. */
export function isIos({ userAgent, maxTouchPoints }: Pick<Traits, 'userAgent' | 'maxTouchPoints'>): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

/** Also with "desktop site" switched on, which takes Android out of the user agent and leaves the processor. */
function isAndroid({ userAgent, userAgentData, platform, maxTouchPoints }: Traits): boolean {
  if (/Android/.test(userAgent) || userAgentData?.platform === 'Android') return true;
  return /X11; Linux/.test(userAgent) && /^Linux (?:arm|aarch64)/.test(platform) && maxTouchPoints > 0;
}

/**
 * Where the steps that allow the microphone are the same. A user agent names nearly every other one too, so the order of
 * the questions is the point.
 *
 * @returns undefined for a browser whose steps nobody has written down
 */
export function browserFamily(traits: Traits): BrowserFamily | undefined {
  const { userAgent } = traits;
  if (isIos(traits)) return 'ios';
  if (isAndroid(traits)) return 'android';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(?:e|ium)\//.test(userAgent)) return 'chromium';
  if (/Macintosh.* Version\/\S+ Safari\//.test(userAgent)) return 'safari';
  return undefined;
}

/** A device on which a page in a small window of its own is no help. */
export const isHandheld = (traits: Traits): boolean => isIos(traits) || isAndroid(traits);
