import type { TemplateResult } from 'lit';
import { isLive } from '../../call/call-machine.js';
import { errorTexts } from '../../i18n/error-texts.js';
import type { Words } from '../../i18n/words.js';
import type { FacadePort } from '../facade-port.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
/** Endings after which an owner may want to offer a call back. */
const WORTH_A_CALLBACK: readonly (string | undefined)[] = ['line-closed', 'busy', 'no-answer', 'declined'];

/** The sentence that stands for a state, in the panel and for screen readers. */
export function statusText(model: PanelModel, words: Words): string {
  if (model.error) return words.text(errorTexts[model.error][0]);
  if (model.reconnecting) return words.text('reconnecting');
  if (model.held) return words.text('held');
  switch (model.state) {
    case 'idle':
      return '';
    case 'ended':
    case 'failed':
      return words.text(model.cancelled ? 'cancelled' : 'ended');
    default:
      return words.text(model.state);
  }
}

/** The view of a call. Lit comes from the facade; see `facade-port.ts`. */
export function panelView(
  { html, nothing }: FacadePort['lit'],
  model: PanelModel,
  actions: PanelActions,
  words: Words,
  options: PanelOptions,
): TemplateResult {
  const live = isLive(model.state);
  const active = model.state === 'active';

  const icon = (path: string) => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path} /></svg>`;
  const icons = {
    microphone:
      'M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 1 0-7 0v5A3.5 3.5 0 0 0 12 15Zm6-4v.5a6 6 0 0 1-12 0V11H4v.5a8 8 0 0 0 7 7.9V22h2v-2.6a8 8 0 0 0 7-7.9V11Z',
    muted:
      'm4.3 3 16.7 16.7-1.3 1.3-4-4a8 8 0 0 1-2.7 1V22h-2v-2.6a8 8 0 0 1-7-7.9V11h2v.5a6 6 0 0 0 8.2 5.6l-1.6-1.6a3.5 3.5 0 0 1-4.1-3.9V9.3L3 4.3Zm4.2 2A3.5 3.5 0 0 1 15.5 6.5v5l-.1.5Zm9.5 6.5a6 6 0 0 1-.7 2.5l1.5 1.5a8 8 0 0 0 1.2-4V11h-2Z',
    keypad:
      'M5 4h3v3H5Zm5.5 0h3v3h-3ZM16 4h3v3h-3ZM5 9.5h3v3H5Zm5.5 0h3v3h-3Zm5.5 0h3v3h-3ZM5 15h3v3H5Zm5.5 0h3v3h-3Zm5.5 0h3v3h-3Z',
    hangup:
      'M12 9c-3.2 0-6.3.6-9 1.9-.6.3-1 .9-1 1.6v2.3c0 .7.6 1.2 1.3 1.2h3.2c.6 0 1.1-.4 1.2-1l.4-2.1a12 12 0 0 1 7.8 0l.4 2.1c.1.6.6 1 1.2 1h3.2c.7 0 1.3-.5 1.3-1.2v-2.3c0-.7-.4-1.3-1-1.6A21 21 0 0 0 12 9Z',
  };

  const timer = html`<span part="timer" role="timer" aria-live="off">${words.clock(model.seconds)}</span>`;
  const hint = model.error
    ? model.opensAt
      ? words.text('opensAt', { when: words.when(model.opensAt) })
      : words.text(errorTexts[model.error][1])
    : model.state === 'preparing'
      ? words.text('allowMicrophone')
      : model.secondsLeft !== undefined
        ? words.secondsLeft(model.secondsLeft)
        : model.muted && active
          ? words.text('muted')
          : '';

  const keypad = html`<div class="keypad" part="keypad" role="group" aria-label=${words.text('keypad')} id="keypad">
    <output class="digits" aria-hidden="true">${model.digits}</output>
    ${KEYS.map(
      (key) =>
        html`<button part="key" type="button" aria-label=${words.digit(key)} @click=${() => actions.sendDigit(key)}>
          ${key}
        </button>`,
    )}
  </div>`;

  const controls = html`<div class="controls">
    ${
      options.mute
        ? html`<button
            part="mute"
            type="button"
            aria-pressed=${model.muted}
            aria-label=${words.text('mute')}
            title=${words.text('mute')}
            @click=${actions.toggleMute}
          >
            ${icon(model.muted ? icons.muted : icons.microphone)}
          </button>`
        : nothing
    }
    ${
      options.keypad
        ? html`<button
            class="toggle"
            type="button"
            aria-expanded=${model.pane === 'keypad'}
            aria-controls=${model.pane === 'keypad' ? 'keypad' : nothing}
            aria-label=${words.text('keypad')}
            title=${words.text('keypad')}
            ?disabled=${!active}
            @click=${() => actions.togglePane('keypad')}
          >
            ${icon(icons.keypad)}
          </button>`
        : nothing
    }
    <button part="hangup" type="button" @click=${actions.hangup}>
      ${icon(icons.hangup)}<span>${words.text('hangup')}</span>
    </button>
  </div>`;

  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') actions.close();
    else if (active && options.keypad && !event.ctrlKey && !event.metaKey && KEYS.includes(event.key)) {
      actions.sendDigit(event.key);
    }
  };

  return html`<div
    part="panel"
    class="panel ${options.popover ? 'floating' : ''} ${model.state}"
    role="group"
    aria-labelledby="status"
    popover=${options.popover ? 'manual' : nothing}
    lang=${words.language}
    dir=${words.direction}
    @keydown=${onKey}
  >
    <div class="head">
      <span class="dot" aria-hidden="true"></span>
      <h2 part=${model.error ? 'status error' : 'status'} id="status" tabindex="-1">${statusText(model, words)}</h2>
      ${model.seconds > 0 || active ? timer : nothing}
      ${
        options.popover
          ? html`<button class="close" type="button" aria-label=${words.text('close')} @click=${actions.close}>
              ${icon('m6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z')}
            </button>`
          : nothing
      }
    </div>
    ${hint ? html`<p class="hint">${hint}</p>` : nothing}
    ${
      model.audioBlocked && live
        ? html`<button class="hear" type="button" @click=${actions.hear}>${words.text('hear')}</button>`
        : nothing
    }
    ${WORTH_A_CALLBACK.includes(model.error) ? html`<slot name="callback"></slot>` : nothing}
    ${active && model.pane === 'keypad' ? keypad : nothing}
    ${
      live
        ? controls
        : html`<div class="controls">
            <button class="again" type="button" @click=${actions.callAgain}>${words.text('callAgain')}</button>
          </div>`
    }
  </div>`;
}
