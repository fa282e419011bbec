import type { Part, View } from './view.js';

export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

const COLUMNS = 3;
/** How far an arrow goes; the keys stand as on a telephone in every language. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS };

/** Arrows go from key to key, as in any grid of buttons. */
function onArrow(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  if (!step) return;
  const keys = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = keys.indexOf(event.target as HTMLButtonElement);
  const to = at + step;
  const sameRow = Math.floor(at / COLUMNS) === Math.floor(to / COLUMNS);
  if (at < 0 || (Math.abs(step) === 1 && !sameRow)) return;
  event.preventDefault();
  keys[to]?.focus();
}

/** The keys of a telephone (ITU-T E.161), and what has been sent. */
export function panelKeypad({ lit: { html }, model, actions, words }: View): Part {
  return html`<div
    class="pane"
    part="keypad"
    role="group"
    aria-label=${words.text('keypad')}
    id="keypad"
    @keydown=${onArrow}
  >
    <output class="digits" role="group" aria-live="off" aria-label=${words.text('typed')} dir="ltr"
      >${model.digits}</output
    >
    <div class="keys" dir="ltr">
      ${KEYS.map(
        (key) =>
          html`<button part="key" type="button" aria-label=${words.digit(key)} @click=${() => actions.sendDigit(key)}>
            ${key === '*' ? '∗' : key}
          </button>`,
      )}
    </div>
  </div>`;
}
