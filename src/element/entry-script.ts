/** The lazy file's name in the script-tag build, put in by the build; see `engine-loader.ts`. */
declare const __ENGINE_FILE__: string | undefined;

const FILE = 'sautikit-call-button.js';

export interface EntryScript {
  url: string;
  /** The tag that loaded it, where there is one. */
  tag: HTMLScriptElement | undefined;
}

/**
 * The script that defines the element, where it has an address of its own: as a tag of this page, or beside this file in
 * the script-tag build. An application that has the element in a bundle has no such address.
 */
export function entryScript(): EntryScript | undefined {
  const tag = [...document.scripts].find(
    ({ type, src }) => type === 'module' && src && new URL(src).pathname.endsWith(`/${FILE}`),
  );
  if (tag) return { url: tag.src, tag };
  return __ENGINE_FILE__ ? { url: new URL(FILE, import.meta.url).href, tag } : undefined;
}
