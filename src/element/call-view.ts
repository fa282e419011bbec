import { messages } from '../i18n/locales/en.js';
import { Words } from '../i18n/words.js';
import { setCustomStates } from './custom-states.js';
import type { FacadePort } from './facade-port.js';
import { CallPanel } from './panel/call-panel.js';
import { newPanelModel, type PanelActions, type PanelModel } from './panel/panel-model.js';
import { wordsFor } from './words-for.js';

/** A catalogue that takes longer than this (ms) is done without: the call is shown in English. */
const PATIENCE = 1500;

/** What the caller sees and hears said of a call: the panel, the live regions, and the states for style sheets. */
export class CallView {
  readonly #port: FacadePort;
  readonly #panel: CallPanel;
  #words = new Words('en', messages);
  #model: PanelModel = newPanelModel();
  #said = 0;
  #run = 0;
  #begun = false;
  #shown = '';

  constructor(port: FacadePort, actions: PanelActions) {
    this.#port = port;
    this.#panel = new CallPanel(port, () => this.#words, actions);
  }

  get model(): Readonly<PanelModel> {
    return this.#model;
  }

  get words(): Words {
    return this.#words;
  }

  /** Fetches the words of the element's language, before they are needed. */
  async prepare(): Promise<void> {
    const words = await Promise.race([
      wordsFor(this.#port.element),
      new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE)),
    ]);
    if (!words) return;
    this.#words = words;
    // The first numbers of a language take longer than an answered call has.
    words.clock(0);
    for (const region of this.#port.element.shadowRoot?.querySelectorAll<HTMLElement>('.said') ?? []) {
      region.lang = words.language;
      region.dir = words.direction;
    }
  }

  /**
   * A new call, or one that could not begin: shown as soon as its words are there.
   * @param moment what its first drawing waits for besides
   */
  async begin(model: Partial<PanelModel>, urgent = false, moment?: Promise<void>): Promise<void> {
    const run = ++this.#run;
    this.#begun = false;
    this.#model = { ...newPanelModel(), ...model };
    this.#states();
    this.#port.announce('', true);
    await Promise.all([this.prepare(), moment]);
    if (run !== this.#run) return;
    this.#begun = true;
    const read = this.#panel.open(this.#model);
    // What the focus reads is not said twice, but for what went wrong, be it meanwhile.
    const alarming = urgent || this.#model.error !== undefined;
    if (alarming || !read) this.#say(alarming);
  }

  /** @param said whether the new state is told to screen readers */
  update(change: Partial<PanelModel>, said = false): void {
    Object.assign(this.#model, change);
    this.#panel.update(this.#model);
    this.#states();
    if (said && this.#begun) this.#say(this.#model.error !== undefined);
  }

  /** Something in passing. */
  tell(text: string): void {
    this.#port.announce(this.#anew(text));
  }

  open(): void {
    if (this.#model.state !== 'idle') this.#panel.open(this.#model);
  }

  close(): void {
    this.#panel.close();
  }

  /** Back to a button that waits for a click. */
  rest(): void {
    this.#run++;
    this.#model = newPanelModel();
    this.#panel.close();
    this.#states();
    // A reading cursor would still find them.
    this.#port.announce('');
    this.#port.announce('', true);
  }

  setLevel(level: number): void {
    this.#panel.setLevel(level);
  }

  #say(urgent: boolean): void {
    this.#port.announce(this.#anew(this.#panel.status(this.#model)), urgent);
  }

  /** The same sentence twice in a row is read only if its text differs. */
  #anew(text: string): string {
    return text + (this.#said++ % 2 ? '\u00a0' : '');
  }

  #states(): void {
    const { state, muted, reconnecting, held, error, quality } = this.#model;
    const states = [
      ...(state === 'idle' ? [] : [state]),
      ...(muted ? ['muted'] : []),
      ...(reconnecting ? ['reconnecting'] : []),
      ...(held ? ['held'] : []),
      ...(quality === 'poor' ? ['poor'] : []),
      ...(error === 'line-closed' ? ['closed'] : []),
    ];
    // A second that goes by changes none; to set them anew would have the whole element styled anew.
    const shown = states.join();
    if (shown !== this.#shown) setCustomStates(this.#port.element, 'call', states);
    this.#shown = shown;
  }
}
