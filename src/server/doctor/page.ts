import { bytesOf, type Fetch } from './web.js';

/** A page as the server sends it. */
export interface Page {
  /** Where it was found, after redirects. */
  url: URL;
  status: number;
  headers: Headers;
  html: string;
}

/** In milliseconds. */
const TIME_LIMIT = 15_000;
/** In bytes. */
const SIZE_LIMIT = 5_000_000;
const REDIRECTS = 5;

/** Fetches a page as a browser would. @throws Error where there is none */
export async function loadPage(address: string, fetch: Fetch): Promise<Page> {
  let url = new URL(address);
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const signal = AbortSignal.timeout(TIME_LIMIT);
    const response = await fetch(new Request(url, { headers: { Accept: 'text/html,*/*;q=0.5' }, signal }));
    const location = response.headers.get('Location');
    if (response.status < 300 || response.status > 399 || location === null) {
      const html = (await bytesOf(response, SIZE_LIMIT)).toString('utf8');
      return { url, status: response.status, headers: response.headers, html };
    }
    await response.body?.cancel();
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol)) throw new Error(`it leads to ${url.protocol}`);
  }
  throw new Error('it leads from one address to the next without an end');
}
