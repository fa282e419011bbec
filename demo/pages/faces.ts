/** Every state that the button and its panel can show, without a call behind it: for the playground and for the tests. */
import { html, nothing } from 'lit';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { newPanelModel, type PanelModel } from '../../src/element/panel/panel-model.js';

export interface Face {
  /** What the panel shows; without it only the button is there. */
  model?: Partial<PanelModel>;
}

export const FACES = {
  idle: {},
  preparing: { model: { state: 'preparing' } },
  dialing: { model: { state: 'dialing' } },
} satisfies Record<string, Face>;

export type FaceName = keyof typeof FACES;

/** Shows a face on an element that is in the document, in the language of the element; resolves when it is drawn. */
export async function showFace(element: SautikitCallButton, name: FaceName): Promise<void> {
  const model: PanelModel = { ...newPanelModel(), ...(FACES[name] as Face).model };
  void [html, nothing, model];
  await element.updateComplete;
}
