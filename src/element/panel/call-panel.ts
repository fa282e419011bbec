import type { Words } from '../../i18n/words.js';
import type { FacadePort } from '../facade-port.js';
import { PanelPosition } from './panel-position.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';
import { panelStyles } from './panel.styles.js';
import { panelView, statusText } from './panel-view.js';

/** What the panel needs of the facade. */
export type PanelPort = Pick<FacadePort, 'element' | 'lit' | 'show'>;

/** Shows the view of a call in the facade's shadow root, and keeps it beside its button. */
export class CallPanel {
  readonly #port: PanelPort;
  readonly #words: () => Words;
  readonly #actions: PanelActions;
  readonly #position: PanelPosition;
  #open = false;
  #styled = false;

  constructor(port: PanelPort, words: () => Words, actions: PanelActions) {
    this.#port = port;
    this.#words = words;
    this.#actions = actions;
    this.#position = new PanelPosition(port.element);
  }

  open(model: PanelModel): void {
    const opening = !this.#open;
    this.#open = true;
    this.#style();
    this.#draw(model);
    if (opening) void this.#settle();
  }

  /** Draws what has changed, where the panel is open. */
  update(model: PanelModel): void {
    if (this.#open) this.#draw(model);
  }

  close(): void {
    if (!this.#open) return;
    const { element } = this.#port;
    const hadFocus = element.shadowRoot?.activeElement?.closest('[part~="panel"]');
    this.#open = false;
    this.#position.hide();
    this.#port.show(undefined);
    if (hadFocus) void element.updateComplete.then(() => element.shadowRoot?.querySelector('button')?.focus());
  }

  /** Shows how loud the microphone is, 0 to 1: many times a second, so that nothing is drawn anew. */
  setLevel(level: number): void {
    const panel = this.#port.element.shadowRoot?.querySelector<HTMLElement>('.panel');
    panel?.style.setProperty('--_level', level.toFixed(2));
    panel?.querySelector('[role=meter]')?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
  }

  status(model: PanelModel): string {
    return statusText(model, this.#words());
  }

  #draw(model: PanelModel): void {
    const { element, lit } = this.#port;
    const options: PanelOptions = {
      mute: !element.hasAttribute('no-mute'),
      keypad: !element.hasAttribute('no-keypad'),
      devices: !element.hasAttribute('no-devices'),
      popover: element.getAttribute('panel') !== 'inline',
    };
    this.#port.show(panelView(lit, model, this.#actions, this.#words(), options));
    void element.updateComplete.then(() => this.#place());
  }

  #place(): void {
    const panel = this.#port.element.shadowRoot?.querySelector<HTMLElement>('.panel.floating');
    if (this.#open && panel) this.#position.show(panel);
  }

  /** Focus goes to the heading, never onto hang-up, and only where the visitor's own press opened the panel. */
  async #settle(): Promise<void> {
    const { element } = this.#port;
    await element.updateComplete;
    if (element.shadowRoot?.activeElement) element.shadowRoot.querySelector<HTMLElement>('.panel h2')?.focus();
  }

  #style(): void {
    const root = this.#port.element.shadowRoot;
    if (this.#styled || !root) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelStyles);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.#styled = true;
  }
}
