import { errorTexts } from '../../i18n/error-texts.js';
import type { Words } from '../../i18n/words.js';
import type { PanelModel } from './panel-model.js';

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
