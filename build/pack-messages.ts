import type { Plugin } from 'vite';
import { messages as english } from '../src/i18n/locales/en.js';
import type { Messages } from '../src/i18n/messages.js';
import type { PackedMessages } from '../src/i18n/load-words.js';

/** The texts of a catalogue without their keys, in the order of the English ones; `load-words.ts` undoes it. */
export const packMessages = (messages: Partial<Messages>): PackedMessages =>
  Object.keys(english).map((key) => messages[key as keyof Messages] ?? 0);

/** Keys are a fifth of a language's file, and the same in each: the script-tag build leaves them out. */
export function packCatalogues(): Plugin {
  return {
    name: 'pack-messages',
    enforce: 'post',
    async transform(code, id) {
      // English is in the lazy file, where it gives the keys.
      if (!/\/src\/i18n\/locales\/(?!en\.)\w+\.ts$/.test(id)) return undefined;
      // The types are gone by now, and nothing is imported: a module that stands alone.
      const { messages } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { messages: Messages };
      return { code: `export const messages = ${JSON.stringify(packMessages(messages))};`, map: null };
    },
  };
}
