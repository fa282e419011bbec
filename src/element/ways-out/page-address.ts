/** Machines that a browser trusts without encryption (Secure Contexts, section 3.1). */
const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The page's address, fit to be handed on: encrypted, without user name and password, and without a fragment that holds
 * values (`#access_token=…`). A fragment that names a place in the page, or a view of it, stays.
 *
 * @returns undefined where the page has no address that another browser could open
 */
export function addressToShare(href: string): string | undefined {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return undefined;
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    // A port that speaks HTTP speaks nothing else.
    url.port = '';
    url.protocol = 'https:';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.username = url.password = '';
  if (url.hash.includes('=')) url.hash = '';
  return url.href;
}
