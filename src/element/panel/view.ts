import type { TemplateResult } from 'lit';
import type { Words } from '../../i18n/words.js';
import type { FacadePort } from '../facade-port.js';
import type { Texts } from './texts.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';

/** What every part of the view draws with. Lit comes from the facade; see `facade-port.ts`. */
export interface View {
  readonly lit: FacadePort['lit'];
  readonly model: PanelModel;
  readonly actions: PanelActions;
  readonly words: Words;
  readonly options: PanelOptions;
  readonly texts: Texts;
}

/** A part of the panel; `nothing` where the state has no use for it. */
export type Part = TemplateResult | FacadePort['lit']['nothing'];
