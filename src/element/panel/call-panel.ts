import { isLive } from '../../call/call-machine.js';
import type { Words } from '../../i18n/words.js';
import type { FacadePort } from '../facade-port.js';
import { ModalBar } from './modal-bar.js';
import { onPanelKey } from './panel-keys.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';
import { PanelPosition } from './panel-position.js';
import { panelView } from './panel-view.js';
import { panelStyles } from './panel.styles.js';
import { Texts } from './texts.js';
import { statusText } from './status-text.js';

/** What the panel needs of the facade. */
export type PanelPort = Pick<FacadePort, 'element' | 'lit' | 'show'>;

/** Shows the view of a call in the facade's shadow root, and keeps it beside its button. */
export class CallPanel {
  readonly #port: PanelPort;
  readonly #words: () => Words;
  readonly #actions: PanelActions;
  readonly #position: PanelPosition;
  readonly #modalBar: ModalBar;
  readonly #texts = new Texts();
  #model: PanelModel | undefined;
  #open = false;
  #styled = false;

  constructor(port: PanelPort, words: () => Words, actions: PanelActions) {
    this.#port = port;
    this.#words = words;
    this.#actions = actions;
    this.#position = new PanelPosition(() => this.#find('[part~=button]'));
    this.#modalBar = new ModalBar(port.element, words, actions);
  }

  /**
   * Opens the panel. A caller's own press takes the focus to its heading, never to a control.
   *
   * @returns whether it does, so that a screen reader reads the heading
   */
  open(model: PanelModel): boolean {
    const opening = !this.#open;
    this.#open = true;
    this.#style();
    if (opening) this.#port.element.addEventListener('keydown', this.#onKey);
    this.update(model);
    return opening && this.#settle();
  }

  /** Draws what has changed, where the panel is open, and where the page has put a modal dialog over it. */
  update(model: PanelModel): void {
    this.#model = model;
    if (isLive(model.state)) this.#modalBar.watch(model, this.#options());
    else this.#modalBar.stop();
    if (this.#open) this.#draw(model);
  }

  /** Puts the panel aside, and the focus back to the button. A call goes on. */
  close(): void {
    if (!this.#open) return;
    const { element } = this.#port;
    const hadFocus = this.#focused();
    this.#open = false;
    element.removeEventListener('keydown', this.#onKey);
    this.#position.hide();
    this.#port.show(undefined);
    if (hadFocus) void element.updateComplete.then(() => this.#find('[part~=button]')?.focus());
  }

  /** The sentence of a state. */
  status(model: PanelModel): string {
    return statusText(model, this.#words());
  }

  /** Shows how loud the microphone is, 0 to 1: many times a second, so that nothing but the meter is styled anew. */
  setLevel(level: number): void {
    const meter = this.#find('.level');
    const percent = String(Math.round(level * 100));
    if (!meter || meter.getAttribute('aria-valuenow') === percent) return;
    meter.setAttribute('aria-valuenow', percent);
    meter.style.setProperty('--_level', level.toFixed(2));
  }

  #find(selector: string): HTMLElement | null | undefined {
    return this.#port.element.shadowRoot?.querySelector<HTMLElement>(selector);
  }

  /** What has the focus in the panel. */
  #focused(): Element | undefined {
    const focused = this.#port.element.shadowRoot?.activeElement;
    return focused?.closest('.panel') ? focused : undefined;
  }

  #options(): PanelOptions {
    const { element } = this.#port;
    return {
      mute: !element.hasAttribute('no-mute'),
      keypad: !element.hasAttribute('no-keypad'),
      devices: !element.hasAttribute('no-devices'),
      popover: element.getAttribute('panel') !== 'inline',
    };
  }

  #draw(model: PanelModel): void {
    const { element, lit } = this.#port;
    const focused = this.#focused();
    const closed = focused?.matches('[aria-expanded=false]');
    this.#port.show(panelView(lit, model, this.#actions, this.#words(), this.#options(), this.#texts));
    void element.updateComplete.then(() => {
      if (!this.#open) return;
      const panel = this.#find('.panel.floating');
      if (panel) this.#position.show(panel);
      else this.#position.hide();
      // The control that had the focus is gone with its state: the next one is not where the caller expects it.
      if (focused && !focused.isConnected && element.isConnected) this.#focusHeading();
      // What a toggle has opened stands before it, so that the next Tab would lead away from it.
      if (closed && focused?.matches('[aria-expanded=true]')) this.#find('.pane :is(button, select)')?.focus();
    });
  }

  #settle(): boolean {
    const { element } = this.#port;
    // Safari gives a button that is clicked no focus.
    const pressed = element.shadowRoot?.activeElement ?? (navigator.userActivation?.isActive && nothingFocused());
    if (pressed) void element.updateComplete.then(() => this.#open && this.#focusHeading());
    return Boolean(pressed);
  }

  #focusHeading(): void {
    this.#find('.panel h2')?.focus({ preventScroll: true });
  }

  readonly #onKey = (event: KeyboardEvent) => {
    if (this.#model) onPanelKey(event, this.#model, this.#options(), this.#actions);
  };

  #style(): void {
    const root = this.#port.element.shadowRoot;
    if (this.#styled || !root) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(panelStyles);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.#styled = true;
  }
}

const nothingFocused = (): boolean => [null, document.body].includes(document.activeElement as HTMLElement | null);
