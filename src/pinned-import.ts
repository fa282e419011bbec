/**
 * What the script-tag build puts in the place of each `import()`: it has built the file before, and knows its hash. The
 * browser fetches the file by a tag with that hash, and only what has passed is imported, out of the page's module map.
 * An import map would do the same in less, but pages and content management systems print their own.
 *
 * A browser may keep a failed fetch for as long as the page lives (Firefox does, HTML allows it), so the second attempt
 * goes to another address of the same file.
 *
 * @param file name of the file, beside this one
 * @param integrity its hash, as the attribute has it
 */
export function importPinned(file: string, integrity: string): Promise<unknown> {
  const url = new URL(file, import.meta.url).href;
  return fetchPinned(url, integrity).catch(() => fetchPinned(`${url}?${Date.now()}`, integrity));
}

function fetchPinned(url: string, integrity: string): Promise<unknown> {
  return new Promise((onload, onerror) => {
    let tag: HTMLElement = document.createElement('link');
    try {
      // WebKit looks at the hash of a script, but not at that of what is preloaded (2.50, Safari 26; before Safari 17 it
      // preloads nothing). A script runs at once, which does no harm to a file that only exports.
      if (navigator.vendor.startsWith('Apple'))
        tag = Object.assign(document.createElement('script'), { type: 'module', src: url });
    } catch {
      // The page insists on Trusted Types, which a link's address needs none of.
    }
    document.head.append(
      Object.assign(tag, {
        rel: 'modulepreload',
        href: url,
        integrity,
        crossOrigin: '',
        // A page that names its scripts by a nonce gives all of them the same.
        nonce: document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce,
        onload,
        onerror,
      }),
    );
  }).then(() => import(/* @vite-ignore */ url));
}
