import { errorTexts } from '../i18n/error-texts.js';
import type { Words } from '../i18n/words.js';
import { setCustomStates } from './custom-states.js';
import type { FacadePort } from './facade-port.js';

/** One call a page: while one button is in it, the others say why they are not. */
export function blockOthers({ all, element, lit: { html } }: FacadePort, words: Words): void {
  const [what, wayForward] = errorTexts['busy-elsewhere'];
  for (const other of all) {
    if (other.element === element) continue;
    // Heard and not shown: the page must not move since a call began.
    const reason = `${words.text(what)}. ${words.text(wayForward)}`;
    other.note('busy', html`<span class="said" lang=${words.language}>${reason}</span>`);
    setCustomStates(other.element, 'page', ['busy']);
  }
}

export function releaseOthers({ all }: FacadePort): void {
  for (const other of all) {
    other.note('busy');
    setCustomStates(other.element, 'page', []);
  }
}
