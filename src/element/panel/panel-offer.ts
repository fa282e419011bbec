import { icon } from './icons.js';
import type { Part, View } from './view.js';

/**
 * A link of the page would end the call, so that a window of its own is offered before it and after it. In between only
 * the warning stays, in the same room.
 */
export function panelOffer({ lit, model, actions, words }: View): Part {
  const { html, nothing } = lit;
  if (!model.movable) return lit.nothing;
  const open = model.state === 'preparing' || model.state === 'ended' || model.state === 'failed';
  return html`<div class="offer">
    <p id="offer">${words.text('ownWindowHint')}</p>
    ${
      open
        ? html`<button class="quiet own-window" type="button" aria-describedby="offer" @click=${actions.ownWindow}>
            ${icon(lit, 'window')}<span>${words.text('ownWindow')}</span>
          </button>`
        : nothing
    }
  </div>`;
}
