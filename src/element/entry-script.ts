/** The entry's versioned name in the script-tag build, put in by the build; elsewhere it has no file of its own. */
declare const __ENTRY_FILE__: string | undefined;

/** The module or the single file, by its versioned name or the stable one. */
const ENTRY = /\/sautikit-call-button(\.iife)?(\.\d[^/]*)?\.js$/;

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
  const tag = [...document.scripts].find(({ src }) => src && ENTRY.test(new URL(src).pathname));
  if (tag) return { url: tag.src, tag };
  return __ENTRY_FILE__ ? { url: new URL(__ENTRY_FILE__, import.meta.url).href, tag } : undefined;
}
