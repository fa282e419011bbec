import { showFace, type FaceName } from '../../../demo/pages/faces.js';
import type { SautikitCallButton } from '../../../src/element/call-button.js';
import type { PanelActions } from '../../../src/element/panel/panel-model.js';
import { button } from './button.js';

/** A button that shows a face, without a call behind it, and what its controls were asked to do. */
export async function face(
  name: FaceName,
  attributes: Record<string, string> = {},
): Promise<{ element: SautikitCallButton; panel: HTMLElement; asked: string[] }> {
  const element = await button({ preload: 'none', lang: 'en', ...attributes });
  const asked: string[] = [];
  const ask =
    (what: string) =>
    (...of: unknown[]) =>
      void asked.push([what, ...of.filter((value) => typeof value === 'string')].join(' '));
  const names = ['hangup', 'toggleMute', 'togglePane', 'sendDigit', 'hear', 'callAgain', 'close', 'testMicrophone'];
  const others = ['chooseMicrophone', 'chooseSpeaker', 'copyLink', 'ownWindow'];
  const actions = Object.fromEntries([...names, ...others].map((what) => [what, ask(what)])) as Partial<PanelActions>;
  await showFace(element, name, actions);
  return { element, panel: element.shadowRoot!.querySelector('.panel')!, asked };
}
