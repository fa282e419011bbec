import { KEYS } from './panel-keypad.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';

/** Where typed characters have a meaning of their own. */
const TAKES_TEXT = 'input, textarea, select, [contenteditable]';

/**
 * What is typed on the button, or in its panel. Escape puts the panel aside, and nothing else: neither the call ends, nor
 * does a dialog that the button stands in. Digits go into the call, and open the keypad, so that one sees them.
 */
export function onPanelKey(
  event: KeyboardEvent,
  model: PanelModel,
  { keypad, popover }: PanelOptions,
  actions: PanelActions,
): void {
  const [target] = event.composedPath();
  if (event.key === 'Escape' && popover) {
    event.preventDefault();
    event.stopPropagation();
    actions.close();
    return;
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const free = !(target instanceof Element && target.closest(TAKES_TEXT));
  if (model.state !== 'active' || !keypad || !plain || !free || !KEYS.includes(event.key)) return;
  event.preventDefault();
  if (model.pane !== 'keypad') actions.togglePane('keypad');
  actions.sendDigit(event.key);
}
