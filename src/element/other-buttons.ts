import { errorTexts } from '../i18n/error-texts.js';
import type { Words } from '../i18n/words.js';
import { setCustomStates } from './custom-states.js';
import type { FacadePort } from './facade-port.js';

/**
 * One call a page: while one button is in it, the others say why they are not.
 * @returns lets them call again, also those that have left the document meanwhile
 */
export function blockOthers({ all, element, lit: { html } }: FacadePort, words: Words): () => void {
  const [what, wayForward] = errorTexts['busy-elsewhere'];
  const others = [...all].filter((other) => other.element !== element);
  for (const other of others) {
    // Heard and not shown: the page must not move since a call began.
    const reason = `${words.text(what)}. ${words.text(wayForward)}`;
    other.note('busy', html`<span class="said" lang=${words.language}>${reason}</span>`);
    setCustomStates(other.element, 'page', ['busy']);
  }
  return () => {
    for (const other of others) {
      other.note('busy');
      setCustomStates(other.element, 'page', []);
    }
  };
}
