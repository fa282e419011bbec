import type { SautikitCallButton } from '../../src/element/call-button.js';
import type * as Faces from './faces.js';
import { ATTRIBUTES } from './playground-attributes.js';
import type { Setup } from './playground-setup.js';
import { elementOf, styleOf } from './playground-snippet.js';

const NAME = 'sautikit-call-button';

/** States in which a call is there, and the button must not be taken away from under it. */
const LIVE = ['preparing', 'dialing', 'ringing', 'active', 'ending'];

/** The visitor's page, with the one button in it: live, or with a face that is only looked at. */
export class Stage {
  /** The visitor's page: its colour scheme is the one that was chosen. */
  readonly #page: HTMLElement;
  readonly #onLeaveFace: () => void;
  /** Buttons that a face has been painted onto. */
  readonly #painted = new WeakSet<SautikitCallButton>();
  readonly #style = document.createElement('style');
  #setup: Setup | undefined;
  #face: string | undefined;
  #drawing = Promise.resolve();

  /** @param onLeaveFace told when somebody presses something of a face: from then on the button is live */
  constructor(page: HTMLElement, onLeaveFace: () => void) {
    this.#page = page;
    this.#onLeaveFace = onLeaveFace;
    document.head.append(this.#style);
    page.addEventListener('sautikit-before-call', (event) => {
      if (this.#face === undefined) return;
      event.preventDefault();
      this.#leave();
      void this.button.call();
    });
  }

  get button(): SautikitCallButton {
    return this.#page.querySelector<SautikitCallButton>(NAME)!;
  }

  /** Whether there is a call. */
  get live(): boolean {
    return this.#face === undefined && LIVE.includes(this.button.callState);
  }

  show(setup: Setup, face?: string): void {
    const hadFace = this.#face !== undefined;
    this.#setup = setup;
    this.#face = face;
    this.#page.dataset.theme = setup.theme;
    const css = styleOf(setup);
    if (this.#style.textContent !== css) this.#style.textContent = css;
    // A face is painted onto a button without a call; whatever follows begins with a new one.
    if (hadFace || face !== undefined) this.#replace();
    dress(this.button, setup);
    if (face !== undefined) this.#paint(face);
  }

  #replace(): void {
    const { button: old } = this;
    const fresh = document.createElement(NAME) as SautikitCallButton;
    fresh.id = old.id;
    old.replaceWith(fresh);
    // What its face has put into the page goes with it.
    if (this.#painted.delete(old)) this.#next((showFace) => showFace(old, 'idle'));
  }

  #paint(name: string): void {
    const { button } = this;
    this.#painted.add(button);
    const leave = () => this.#leave();
    const callAgain = () => {
      leave();
      void this.button.call();
    };
    this.#next(async (showFace) => {
      if (!button.isConnected) return;
      // What opens here takes no focus: whoever chooses a face stays with the control that they choose it by.
      this.#page.inert = true;
      try {
        await showFace(button, name as Parameters<typeof showFace>[1], { close: leave, hangup: leave, callAgain });
      } finally {
        this.#page.inert = false;
      }
    });
  }

  /** Back to the live button, as if nothing had been looked at. */
  #leave(): void {
    if (this.#setup) this.show(this.#setup);
    this.#onLeaveFace();
  }

  /** One face after the other, since each waits for its words. */
  #next(step: (show: typeof Faces.showFace) => Promise<void>): void {
    this.#drawing = this.#drawing.then(async () => step((await import('./faces.js')).showFace));
  }
}

/** Makes an element the one of the snippet, attribute by attribute and child by child. */
function dress(button: SautikitCallButton, setup: Setup): void {
  const template = document.createElement('template');
  template.innerHTML = elementOf(setup);
  const wanted = template.content.firstElementChild!;
  for (const { name } of ATTRIBUTES) {
    const value = wanted.getAttribute(name);
    if (value === button.getAttribute(name)) continue;
    if (value === null) button.removeAttribute(name);
    else button.setAttribute(name, value);
  }
  if (button.innerHTML !== wanted.innerHTML) button.replaceChildren(...wanted.childNodes);
  const { provider } = setup;
  button.tokenProvider = provider === undefined ? undefined : (request) => fetchGrant(provider, request);
}

async function fetchGrant(endpoint: string, request: object): Promise<unknown> {
  return (await fetch(endpoint, { method: 'POST', body: JSON.stringify(request) })).json();
}
