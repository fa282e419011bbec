import { isLive } from '../../call/call-machine.js';
import { errorTexts } from '../../i18n/error-texts.js';
import type { Words } from '../../i18n/words.js';
import { icon } from './icons.js';
import type { PanelModel } from './panel-model.js';
import type { Part, View } from './view.js';

/** What the caller should act upon now; the first of several. */
function warning(model: PanelModel, words: Words): string | undefined {
  if (model.state !== 'active') return undefined;
  if (model.notice === 'notHeard' || model.notice === 'speakingMuted') return words.text(model.notice);
  if (model.secondsLeft !== undefined) return words.secondsLeft(model.secondsLeft);
  return model.quality === 'poor' ? words.text('poor') : undefined;
}

/** What belongs to the state, or is good to know. */
function hint(model: PanelModel, words: Words): string {
  if (model.opensAt && model.error) return words.text('opensAt', { when: words.when(model.opensAt) });
  if (model.wayOut?.openInBrowser) return words.text('otherBrowser');
  if (model.error) return words.text(errorTexts[model.error][1]);
  if (model.state === 'preparing') {
    return words.text('allowMicrophone') + (model.prompting ? ` ${words.text('microphoneUse')}` : '');
  }
  if (model.state === 'ended' && !model.cancelled && model.seconds > 0) {
    return words.text('lasted', { time: words.clock(model.seconds) });
  }
  if (!isLive(model.state) || model.state === 'ending') return '';
  if (model.muted) return words.text('muted');
  return model.notice === 'deviceChanged' ? words.text('deviceChanged') : '';
}

/** What is to be said beside the state. Its room is always there, so that nothing jumps when there is something to say. */
export function panelMessage({ lit, model, actions, words, texts }: View): Part {
  const { html } = lit;
  if (model.audioBlocked && isLive(model.state)) {
    return html`<div class="message">
      <button class="wide hear" type="button" @click=${actions.hear}>
        ${icon(lit, 'speaker')}<span>${words.text('hear')}</span>
      </button>
    </div>`;
  }
  const urgent = warning(model, words);
  return html`<div class="message">
    ${
      urgent
        ? html`<p class="warning">${icon(lit, 'alert')}<span>${urgent}</span></p>`
        : html`<p class="hint">${texts.at('hint', hint(model, words))}</p>`
    }
  </div>`;
}
