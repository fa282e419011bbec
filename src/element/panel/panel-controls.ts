import { isLive } from '../../call/call-machine.js';
import { icon } from './icons.js';
import type { Pane } from './panel-model.js';
import type { Part, View } from './view.js';

/** A call that ends takes no orders; its controls stay where they are, so that the focus does, too. */
const over = ({ model }: View): boolean => model.state === 'ending';

function mute(view: View): Part {
  const { lit, model, actions, words } = view;
  return lit.html`<div class="control">
    <button
      part="mute"
      id="mute"
      type="button"
      aria-pressed=${model.muted}
      aria-disabled=${over(view) ? 'true' : lit.nothing}
      @click=${() => over(view) || actions.toggleMute()}
    >
      ${icon(lit, model.muted ? 'muted' : 'microphone')}
    </button>
    <label for="mute">${words.text('mute')}</label>
  </div>`;
}

/** Opens and closes a pane. Before it is of use it stays in its place, can be focused, and says why it waits. */
function toggle(view: View, pane: Pane, ready: boolean): Part {
  const { lit, model, actions, words } = view;
  const { html, nothing } = lit;
  const open = ready && model.pane === pane;
  const waits = !ready && !over(view);
  return html`<div class="control">
    <button
      class="opener"
      id="${pane}-toggle"
      type="button"
      aria-expanded=${open}
      aria-controls=${open ? pane : nothing}
      aria-disabled=${ready ? nothing : 'true'}
      aria-describedby=${waits ? 'later' : nothing}
      title=${waits ? words.text('onceConnected') : nothing}
      @click=${() => ready && actions.togglePane(pane)}
    >
      ${icon(lit, pane === 'keypad' ? 'keypad' : 'sound')}
    </button>
    <label for="${pane}-toggle">${words.text(pane === 'keypad' ? 'keypad' : 'sound')}</label>
  </div>`;
}

function hangup(view: View): Part {
  const { lit, actions, words } = view;
  return lit.html`<div class="control">
    <button
      part="hangup"
      id="hangup"
      type="button"
      aria-disabled=${over(view) ? 'true' : lit.nothing}
      @click=${() => over(view) || actions.hangup()}
    >
      ${icon(lit, 'hangup')}
    </button>
    <label for="hangup">${words.text('hangup')}</label>
  </div>`;
}

function again({ lit, actions, words }: View): Part {
  return lit.html`<div class="control">
    <button class="again" id="again" type="button" @click=${actions.callAgain}>${icon(lit, 'handset')}</button>
    <label for="again">${words.text('callAgain')}</label>
  </div>`;
}

/** A row of round buttons, each with its name below; after a call the one that calls again. */
export function panelControls(view: View): Part {
  const { lit, model, options, words } = view;
  const { html, nothing } = lit;
  // Known since a microphone was open: before the next call it can be chosen and tested.
  const known = model.devices !== undefined && options.devices;
  if (!isLive(model.state)) {
    return html`<div class="controls">${again(view)} ${known ? toggle(view, 'devices', true) : nothing}</div>`;
  }
  const active = model.state === 'active';
  const devices = known && !over(view);
  const waits = !over(view) && ((options.keypad && !active) || (options.devices && !devices));
  return html`<div class="controls">
    ${options.mute ? mute(view) : nothing} ${options.keypad ? toggle(view, 'keypad', active) : nothing}
    ${options.devices ? toggle(view, 'devices', devices) : nothing} ${hangup(view)}
    ${waits ? html`<span class="said" id="later">${words.text('onceConnected')}</span>` : nothing}
  </div>`;
}
