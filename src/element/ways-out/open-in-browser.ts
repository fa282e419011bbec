import type { InAppBrowser } from './in-app-browser.js';

/** The first iOS whose Safari answers to `x-safari-https:`. */
const SAFARI_SCHEME_SINCE = 17;

/** The number is frozen at 18 in later ones, which is enough here. */
const iosVersion = (userAgent: string): number => Number(/ OS (\d+)_/.exec(userAgent)?.[1] ?? 0);

/**
 * The address that leads from an application's own browser to the system's, for a link that the caller taps. Android
 * has intents for it (developer.chrome.com, "Android intents with Chrome"), LINE a parameter of its own
 * (developers.line.biz, "LINE URL scheme"), iOS an undocumented scheme of Safari's.
 *
 * @returns undefined where none is known to work; then there is the link to copy
 */
export function openInBrowserUrl(
  address: string,
  { app, system }: InAppBrowser,
  userAgent: string,
): string | undefined {
  // WeChat swallows every scheme that it does not know.
  if (app === 'wechat') return undefined;
  if (app === 'line') {
    const url = new URL(address);
    url.searchParams.set('openExternalBrowser', '1');
    return url.href;
  }
  const [scheme, rest] = address.split('://') as [string, string];
  if (system === 'android') {
    const fallback = encodeURIComponent(address);
    return (
      `intent://${rest}#Intent;scheme=${scheme};action=android.intent.action.VIEW;` +
      `category=android.intent.category.BROWSABLE;S.browser_fallback_url=${fallback};end`
    );
  }
  // Instagram keeps that scheme to itself on some versions: a button that does nothing would be worse than none.
  const works = scheme === 'https' && app !== 'instagram' && iosVersion(userAgent) >= SAFARI_SCHEME_SINCE;
  return works ? `x-safari-${address}` : undefined;
}
