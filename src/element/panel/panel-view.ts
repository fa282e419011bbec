import type { TemplateResult } from 'lit';
import type { Words } from '../../i18n/words.js';
import type { FacadePort } from '../facade-port.js';
import { panelControls } from './panel-controls.js';
import { panelDevices } from './panel-devices.js';
import { panelFailure } from './panel-failure.js';
import { panelHead } from './panel-head.js';
import { panelKeypad } from './panel-keypad.js';
import { panelMessage } from './panel-message.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';
import { panelOffer } from './panel-offer.js';
import type { Texts } from './texts.js';
import type { Part, View } from './view.js';

/** What is opened below the status, where there is a use for it. */
function pane(view: View): Part | undefined {
  const { model, options } = view;
  if (model.state === 'ending') return undefined;
  if (model.pane === 'keypad' && model.state === 'active' && options.keypad) return panelKeypad(view);
  if (model.pane === 'devices' && options.devices && model.devices) return panelDevices(view, model.devices);
  return undefined;
}

/** How the picture beside the status looks, beyond the state. */
const mood = ({ reconnecting, held, muted, error }: PanelModel): string =>
  error === 'line-closed' ? 'calm' : reconnecting ? 'troubled' : held || muted ? 'calm' : '';

/** The view of a call. */
export function panelView(
  lit: FacadePort['lit'],
  model: PanelModel,
  actions: PanelActions,
  words: Words,
  options: PanelOptions,
  texts: Texts,
): TemplateResult {
  const { html, nothing } = lit;
  const view: View = { lit, model, actions, words, options, texts };
  const opened = pane(view);
  return html`<div
    part="panel"
    class="panel ${options.popover ? 'floating' : 'inline'} ${model.state} ${mood(model)} ${opened ? 'opened' : ''}"
    role="group"
    aria-labelledby="status"
    popover=${options.popover ? 'manual' : nothing}
    lang=${words.language}
    dir=${words.direction}
  >
    <div class="stage">${panelHead(view)} ${panelMessage(view)} ${model.error ? panelFailure(view) : nothing}</div>
    ${opened ?? nothing} ${panelControls(view)} ${panelOffer(view)}
  </div>`;
}
