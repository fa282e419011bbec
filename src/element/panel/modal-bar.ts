import type { Words } from '../../i18n/words.js';
import { modalBarStyles } from './styles/modal-bar.js';
import { iconElement } from './icons.js';
import type { PanelActions, PanelModel, PanelOptions } from './panel-model.js';
import { statusText } from './status-text.js';

/** What a bar takes over from its button: custom properties come from where an element stands, and it stands elsewhere. */
const TOKENS = ['accent', 'on-accent', 'danger', 'on-danger', 'surface', 'text', 'focus', 'border', 'shadow'];

/** Whether `inner` stands in `outer`, also through shadow roots. */
function stands(inner: Node, outer: Node): boolean {
  for (let node: Node | null = inner; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
    if (node === outer) return true;
  }
  return false;
}

/**
 * Hang-up and mute over a modal dialog of the page. What is outside such a dialog is inert (HTML section 6.3.1), the panel
 * too, even in the top layer; so a small bar of its own goes into the dialog for as long as both last.
 */
export class ModalBar {
  readonly #element: HTMLElement;
  readonly #words: () => Words;
  readonly #actions: PanelActions;
  readonly #observer = new MutationObserver(() => this.#look());
  /** The page's modal dialogs, in the order in which they were found: the last is on top. */
  #dialogs: HTMLDialogElement[] = [];
  #bar: Bar | undefined;
  #watching = false;
  #model: PanelModel | undefined;
  #options: PanelOptions | undefined;

  constructor(element: HTMLElement, words: () => Words, actions: PanelActions) {
    this.#element = element;
    this.#words = words;
    this.#actions = actions;
  }

  /** For as long as a call is there; again with whatever changes. */
  watch(model: PanelModel, options: PanelOptions): void {
    this.#model = model;
    this.#options = options;
    if (!this.#watching) {
      this.#watching = true;
      this.#observer.observe(document, { subtree: true, childList: true, attributeFilter: ['open'] });
      // A dialog in somebody's shadow root is not observed, but takes the focus when it opens.
      document.addEventListener('focusin', this.#onFocus);
      for (const dialog of document.querySelectorAll('dialog')) this.#meet(dialog);
    }
    this.#look();
  }

  stop(): void {
    if (!this.#watching) return;
    this.#watching = false;
    this.#observer.disconnect();
    document.removeEventListener('focusin', this.#onFocus);
    for (const dialog of this.#dialogs) dialog.removeEventListener('close', this.#onClose);
    this.#dialogs = [];
    this.#place();
  }

  readonly #onFocus = (event: FocusEvent) => {
    for (const node of event.composedPath()) if (node instanceof HTMLDialogElement) this.#meet(node);
    this.#look();
  };

  readonly #onClose = () => this.#look();

  #meet(dialog: HTMLDialogElement): void {
    if (!dialog.matches(':modal') || this.#dialogs.includes(dialog) || stands(this.#element, dialog)) return;
    this.#dialogs.push(dialog);
    dialog.addEventListener('close', this.#onClose);
  }

  #look(): void {
    for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) this.#meet(dialog);
    this.#dialogs = this.#dialogs.filter((dialog) => {
      const there = dialog.isConnected && dialog.matches(':modal');
      if (!there) dialog.removeEventListener('close', this.#onClose);
      return there;
    });
    this.#place();
  }

  /** In the topmost dialog, and nowhere else. */
  #place(): void {
    const dialog = this.#dialogs.at(-1);
    if (this.#bar?.host.parentNode !== (dialog ?? null)) {
      this.#bar?.remove();
      this.#bar = dialog && new Bar(this.#actions);
      if (dialog) this.#bar?.add(dialog, this.#element);
    }
    if (this.#model && this.#options) this.#bar?.update(this.#model, this.#options, this.#words());
  }
}

/** The bar itself. It is drawn by hand, since Lit's templates come from the facade, and its renderer does not. */
class Bar {
  readonly host = document.createElement('div');
  readonly #box = document.createElement('div');
  readonly #status = document.createElement('span');
  readonly #mute = document.createElement('button');
  readonly #hangup = document.createElement('button');

  constructor(actions: PanelActions) {
    const root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(modalBarStyles);
    root.adoptedStyleSheets = [sheet];
    this.host.dataset['sautikit'] = 'bar';
    this.#box.className = 'bar';
    this.#box.setAttribute('role', 'group');
    this.#box.setAttribute('aria-labelledby', 'status');
    this.#status.id = 'status';
    this.#mute.className = 'mute';
    this.#mute.type = this.#hangup.type = 'button';
    this.#mute.append(iconElement('microphone'));
    this.#hangup.className = 'hangup';
    this.#hangup.append(iconElement('hangup'));
    this.#mute.addEventListener('click', () => actions.toggleMute());
    this.#hangup.addEventListener('click', () => actions.hangup());
    this.#box.append(this.#status, this.#mute, this.#hangup);
    root.append(this.#box);
  }

  /** The top layer, above the dialog and whatever it does to what is in it. */
  add(dialog: HTMLElement, element: HTMLElement): void {
    const style = getComputedStyle(element);
    for (const token of TOKENS) {
      const value = style.getPropertyValue(`--sautikit-${token}`);
      if (value) this.host.style.setProperty(`--sautikit-${token}`, value);
    }
    dialog.append(this.host);
    this.#box.popover = 'manual';
    this.#box.showPopover?.();
  }

  remove(): void {
    this.host.remove();
  }

  update(model: PanelModel, options: PanelOptions, words: Words): void {
    const text = statusText(model, words);
    if (this.#status.textContent !== text) this.#status.textContent = text;
    this.#box.lang = words.language;
    this.#box.dir = words.direction;
    this.#name(this.#mute, words.text('mute'));
    this.#name(this.#hangup, words.text('hangup'));
    this.#mute.hidden = !options.mute;
    if (this.#mute.getAttribute('aria-pressed') !== String(model.muted)) {
      this.#mute.setAttribute('aria-pressed', String(model.muted));
      this.#mute.replaceChildren(iconElement(model.muted ? 'muted' : 'microphone'));
    }
  }

  #name(button: HTMLButtonElement, name: string): void {
    button.ariaLabel = name;
    button.title = name;
  }
}
