import type { ErrorCode } from '../../errors.js';
import { icon, type IconName } from './icons.js';
import type { PanelModel } from './panel-model.js';
import { statusText } from './status-text.js';
import type { Part, View } from './view.js';

/** What failed, where a picture says it better than the sign for a warning. */
const FAILURES: Partial<Record<ErrorCode, IconName>> = {
  'line-closed': 'clock',
  'no-answer': 'hangup',
  busy: 'hangup',
  declined: 'hangup',
  'busy-elsewhere': 'handset',
  'time-limit': 'clock',
  'audio-blocked': 'speaker',
  offline: 'offline',
  'token-unreachable': 'offline',
  'gateway-unreachable': 'offline',
  'connection-lost': 'offline',
  'mic-dismissed': 'muted',
  'mic-denied': 'muted',
  'mic-blocked': 'muted',
  'mic-missing': 'muted',
  'mic-busy': 'muted',
};

function sign(model: PanelModel): IconName {
  if (model.error) return FAILURES[model.error] ?? 'alert';
  if (model.reconnecting) return 'reconnecting';
  if (model.held) return 'held';
  if (model.state === 'preparing' && model.prompting) return 'microphone';
  if (model.state === 'active' && model.muted) return 'muted';
  return ['ending', 'ended', 'failed'].includes(model.state) ? 'hangup' : 'handset';
}

/** How good the network is: a picture with a name, since nobody must tell colours apart. */
function quality({ lit, model, words }: View): Part {
  const level = model.state === 'active' ? model.quality : undefined;
  if (!level) return lit.nothing;
  const name = words.text(level);
  return lit.html`<span class="bars ${level}" role="img" aria-label=${name}><i></i><i></i><i></i></span>`;
}

/** Where a longer sentence stands above it, it is another one: what is moved by a text counts as a layout shift. */
const timer = ({ lit, model, words, texts }: View): Part =>
  lit.html`<span part="timer" role="timer" aria-live="off">${texts.at('timer', words.clock(model.seconds))}</span>`;

/** What is going on: a sentence, the time, a picture, the network; and the way to put the panel aside. */
export function panelHead(view: View): Part {
  const { lit, model, actions, words, options, texts } = view;
  const { html, nothing } = lit;
  const timed = model.state === 'active' || (model.state === 'ending' && model.seconds > 0);
  return html`<div class="head">
    <div class="title">
      <h2 part=${model.error ? 'status error' : 'status'} id="status" tabindex="-1">
        ${texts.at('status', statusText(model, words))}
      </h2>
      ${timed && !model.reconnecting ? timer(view) : nothing} ${timed && model.reconnecting ? timer(view) : nothing}
    </div>
    <span class="network">${quality(view)}</span>
    <span class="sign" aria-hidden="true">${icon(lit, sign(model))}</span>
    ${
      options.popover
        ? html`<button class="quiet hide" type="button" aria-label=${words.text('close')} @click=${actions.close}>
            ${icon(lit, 'hide')}
          </button>`
        : nothing
    }
  </div>`;
}
