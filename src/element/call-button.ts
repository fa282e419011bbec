import { html, LitElement, nothing, render, type TemplateResult } from 'lit';
import type { CallState } from '../call/call-machine.js';
import type { ConnectionState } from '../call/connection-machine.js';
import type { CallResult } from '../client/call.js';
import type { Messages } from '../i18n/messages.js';
import { makeSpeakerParts } from '../media/gesture-audio.js';
import type { SolveChallenge } from '../token/token-challenge.js';
import type { TokenProvider } from '../token/token-source.js';
import { facadeStyles } from './call-button.styles.js';
import { defaultLabel } from './default-label.js';
import { onEarlyClick } from './early-click.js';
import { loadEngine } from './engine-loader.js';
import type { EventDetail, EventName } from './events.js';
import type { BeforeCall, Engine, FacadePort, NoteKind } from './facade-port.js';

/** States in which a click belongs to the call that is there. */
const LIVE: readonly CallState[] = ['preparing', 'dialing', 'ringing', 'active', 'ending'];

/** What people try to put into a page and must not: a page can be read. */
const SECRETS = ['callee', 'number', 'phone', 'user', 'username', 'password', 'token', 'secret'];

/** Every button of the page, so that the others can say that one is in a call. */
const ALL = new Set<SautikitCallButton>();

/** Notes of a button beside which nothing was ever said. */
const NO_NOTES = {};

let heardEarly = false;

const over = (outcome: 'cancelled' | 'failed', code?: CallResult['code']): CallResult => ({
  outcome,
  ...(code && { code }),
  durationSeconds: 0,
  timings: {},
});

// This class is the facade: attributes, intent and first paint. What it emits is described in `events.ts`, its tokens in
// `panel/styles/frame.ts`; with the tags below they are what the manifest of the element is made from.
/**
 * A button that calls, in the browser, whom the server has behind its line. Everything that a call needs is loaded when the
 * visitor shows intent.
 *
 * @element sautikit-call-button
 * @attr {string} context - JSON object of at most 1 kB for attribution, such as `{"campaign":"spring"}`; the server
 *   allow-lists what is in it. No personal data belongs there.
 * @attr {string} gateway-url - Gateways (`wss://…`), separated by blanks, for grants that name none. Where it is known
 *   beforehand, the socket opens as soon as the visitor shows intent.
 * @attr {'POST' | 'GET'} token-method - Method of the token request. Without it that is POST, and GET for a backend that
 *   knows nothing else.
 * @attr {'omit' | 'same-origin' | 'include'} [token-credentials=same-origin] - Whether cookies go along with the token request.
 * @attr {string} lang - Language of what the button and its panel say. Without it that is the one of the closest ancestor,
 *   the document, or the browser.
 * @attr {'ltr' | 'rtl' | 'auto'} dir - Direction of the button; the panel follows its language.
 * @attr {string} messages - Texts in other words than ours, as a JSON object by the names in `Messages`.
 * @attr {'intent' | 'idle' | 'none'} [preload=intent] - When the engine is loaded: at hover, focus or touch, when the page
 *   is idle, or not before the click.
 * @attr {'popover' | 'inline'} [panel=popover] - Where the panel is: beside the button and above the page (a sheet at the
 *   bottom on a phone), or in the flow of the page.
 * @attr {'inline' | 'bottom-end' | 'bottom-start' | 'top-end' | 'top-start'} [placement=inline] - Where the button is: in
 *   the text, or floating in a corner of the window.
 * @attr {'small' | 'medium' | 'large'} [size=medium] - Size of the button, relative to the text around it.
 * @attr {'filled' | 'outline' | 'plain'} [variant=filled] - How much the button stands out.
 * @attr {boolean} full-width - Makes the button as wide as what it stands in.
 * @attr {boolean} icon-only - Shows the icon alone; the label is kept for screen readers.
 * @attr {boolean} no-mute - Leaves the mute button out of the panel.
 * @attr {boolean} no-keypad - Leaves the keypad out of the panel.
 * @attr {boolean} no-devices - Leaves the choice of microphone and speaker out of the panel.
 * @attr {boolean} no-sounds - Plays no ringback tone and no tone at the end; early media of the network is played all the same.
 * @attr {boolean} remember-devices - Keeps the ids of microphone and speaker in `localStorage`, once the caller has chosen;
 *   nothing else is ever stored.
 * @attr {boolean} require-consent - The first press shows the slot `consent`, and the second one calls; nothing is fetched before.
 * @attr {boolean} debug - Writes one redacted line for each transition of call, connection and recovery to the console.
 * @attr {string} report-url - Address, of this origin or https, that gets one small JSON when a call is over: how it ended,
 *   its times and its quality; no secret, no personal data, and nothing of the page but its origin.
 * @attr {'preparing' | 'dialing' | 'ringing' | 'active' | 'ending' | 'ended' | 'failed'} state - State of the call, for style
 *   sheets. The element sets it; it is absent when idle.
 *
 * @slot - Label of the button.
 * @slot icon - Picture of the button, instead of the handset.
 * @slot consent - What the visitor agrees to, with `require-consent`.
 * @slot fallback - Shown where calling is impossible; with the lines of `snippet.css` also without JavaScript.
 * @slot text-alternative - Chat, relay or mail, beside the button before a call.
 * @slot callback - What is offered in the panel when the line is closed or busy, or nobody answers.
 *
 * @csspart button - The button that calls; in a call it opens the panel.
 * @csspart icon - The picture in the button.
 * @csspart label - The label in the button.
 * @csspart consent - What holds the slot `consent`, while it is asked for.
 * @csspart panel - The panel of a call.
 * @csspart status - The heading of the panel: what is going on, in one sentence.
 * @csspart timer - How long the call has lasted.
 * @csspart error - The heading of the panel when it says what went wrong; it is a `status` too.
 * @csspart mute - The control that mutes the microphone.
 * @csspart hangup - The control that ends the call.
 * @csspart keypad - The keypad with what has been typed.
 * @csspart key - One key of the keypad.
 * @csspart device - A choice of microphone or speaker.
 *
 * @cssState preparing - The call waits for grant, gateway and microphone.
 * @cssState dialing - The call has been placed, and the far end has not rung yet.
 * @cssState ringing - The far end rings.
 * @cssState active - The call has been answered.
 * @cssState ending - The call is being ended.
 * @cssState ended - The call is over.
 * @cssState failed - The call has failed; the panel says why.
 * @cssState muted - The microphone is muted.
 * @cssState held - The far end holds the call.
 * @cssState reconnecting - The connection is lost, and looked for.
 * @cssState poor - The network is too poor to be heard well.
 * @cssState closed - The line is closed.
 * @cssState busy - Another button of the page has a call.
 */
export class SautikitCallButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true };
  static override styles = facadeStyles;
  static override properties = {
    tokenUrl: { attribute: 'token-url' },
    statusUrl: { attribute: 'status-url' },
    line: {},
    label: {},
    disabled: { type: Boolean, reflect: true },
    state: { reflect: true },
    // Frameworks set as a property only what the element has before it is set, and write the rest into attributes.
    tokenProvider: { attribute: false },
    solveChallenge: { attribute: false },
    messages: { attribute: false },
    _panel: { state: true },
    _notes: { state: true },
    _asking: { state: true },
  };

  /** Address of the token endpoint; the only attribute that is needed. */
  declare tokenUrl: string | null;
  /** Public address that tells, without a credential, whether the line is open; asked when the element is visible. */
  declare statusUrl: string | null;
  /** Name of what to call; only the server knows the number. */
  declare line: string | null;
  /** Label of the button, where nothing is slotted. */
  declare label: string | null;
  /** Blocks the next call, never the one that is there. */
  declare disabled: boolean;
  /** State of the call; absent when idle. @internal */
  declare state: CallState | null;
  /** Function that fetches the grant, instead of `token-url`. */
  declare tokenProvider: TokenProvider | undefined;
  /** Solves a human check of the server, such as Turnstile; a proof of work needs no help. */
  declare solveChallenge: SolveChallenge | undefined;

  /** Texts in other words than ours, by the names in `Messages`; the attribute `messages` takes them as JSON. */
  declare messages: Partial<Messages> | undefined;

  /** @internal */
  declare _panel: TemplateResult | undefined;
  /** @internal */
  declare _notes: Partial<Record<NoteKind, unknown>>;
  /** @internal */
  declare _asking: boolean;

  #before: Promise<BeforeCall> | undefined;
  #engine: Engine | undefined;
  #loading: Promise<Engine> | undefined;
  #calling: Promise<CallResult> | undefined;
  #cancelled = false;
  #muted = false;
  #lent: FacadePort | undefined;

  /** State of the call, `idle` where there is none. */
  get callState(): CallState {
    return this.state ?? 'idle';
  }

  /** State of the connection to the gateway. */
  get connectionState(): ConnectionState {
    return this.#engine?.connectionState ?? 'offline';
  }

  /** Whether a click can become a call. */
  get availability(): 'available' | 'disabled' | 'unsupported' | 'closed' | 'busy' {
    const { busy, closed } = this._notes;
    return this.#obstacle
      ? 'unsupported'
      : this.disabled
        ? 'disabled'
        : busy
          ? 'busy'
          : closed
            ? 'closed'
            : 'available';
  }

  /** Random id of the call, the same as in its events; `null` where there is none. */
  get callId(): string | null {
    return this.#engine?.callId ?? null;
  }

  /** Whether the microphone is muted; kept for the next call where there is none. */
  get muted(): boolean {
    return this.#engine?.muted ?? this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = muted;
    if (this.#engine) this.#engine.muted = muted;
  }

  /**
   * Calls, and resolves when the call is over; it never rejects. While a call is there, its promise is returned. Inside a
   * gesture it may also play sound in browsers that ask for one.
   */
  call(): Promise<CallResult> {
    if (!this.#calling) {
      let settle!: (result: Promise<CallResult>) => void;
      // It is there before anybody is told: who hears of a call may call again, or hang up.
      this.#calling = new Promise((resolve) => (settle = resolve));
      settle(this.#call().finally(() => (this.#calling = undefined)));
    }
    return this.#calling;
  }

  /** Ends the call in whatever state it is; resolves when idle. */
  async hangup(): Promise<void> {
    this.#cancelled = true;
    await this.#engine?.hangup();
    await this.#calling;
  }

  /** Mutes the microphone, or opens it again. */
  toggleMute(): void {
    this.muted = !this.muted;
  }

  /**
   * Sends digits into the call.
   *
   * @param tones `0` to `9`, `*`, `#`, `A` to `D`, and `,` for a pause
   * @returns {boolean} false where there is no answered call, or a character is no digit
   */
  sendDTMF(tones: string): boolean {
    return this.#engine?.sendDTMF(tones) ?? false;
  }

  /** Opens the panel. */
  open(): void {
    this.#engine?.open();
  }

  /** Closes the panel; a call goes on. */
  close(): void {
    this.#engine?.close();
  }

  constructor() {
    super();
    this._notes = NO_NOTES;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    ALL.add(this);
    const secret = SECRETS.find((name) => this.hasAttribute(name));
    // A developer's mistake that would publish a secret is worth a line in the console.
    // eslint-disable-next-line no-console
    if (secret) console.error(`${secret}: a page can be read, so only the server knows whom a line calls`);
    if (this.#preload === 'idle')
      (globalThis.requestIdleCallback ?? setTimeout)(() => this.#warm((engine) => engine.warm()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    ALL.delete(this);
    // An element that is moved is back in the same turn.
    queueMicrotask(() => {
      if (this.isConnected) return;
      // Also a call that still waits for its engine.
      this.#cancelled = true;
      this.#engine?.dispose();
      void this.#before?.then((before) => before.dispose()).catch(() => {});
      this.#before = undefined;
    });
  }

  protected override firstUpdated(): void {
    const button = this.renderRoot.querySelector('button');
    // The element itself is the listener: functions in the template would be objects of each button of a page.
    for (const type of ['click', 'pointerenter', 'focus', 'pointerdown', 'keydown'])
      button?.addEventListener(type, this);
    // What stood in the page before the script is drawn when the first of it is; what comes later was not there to press.
    if (!heardEarly) {
      heardEarly = true;
      onEarlyClick(ALL, (pressed) => pressed.#onClick());
    }
  }

  protected override updated(): void {
    this.#drawMore();
    if ((this.statusUrl && !this.#askFirst) || this.#obstacle) {
      this.#before ??= import('./before-call.js').then(({ beforeCall }) => beforeCall(this.#port, this.#obstacle));
      // Without it the button only says less.
      this.#before.catch(() => {});
    }
  }

  protected override render() {
    // Nothing behind the drawing has a part: Lit looks at each node up to the last part, and looking at SVG makes the
    // browser build five classes with 280 members, 40 kB of every page.
    return this.#obstacle
      ? html`<slot name="fallback"></slot>
          <div class="said" role="status"></div>
          <div class="said" role="alert"></div>`
      : html`${this._asking ? html`<div part="consent"><slot name="consent"></slot></div>` : nothing}<button
            part="button"
            type="button"
            aria-disabled=${!this.#live && this.availability !== 'available'}
            aria-expanded=${!!this._panel}
            aria-describedby="note"
          >
            <span part="label"><slot>${this.label ?? defaultLabel(this)}</slot></span
            ><span part="icon"
              ><slot name="icon"
                ><svg viewBox="0 0 24 24" aria-hidden="true">
                  <path
                    d="M7 11a15 15 0 0 0 6 6l3-2 5 1v4a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h4l1 5Z"
                  /></svg></slot
            ></span></button
          ><slot name="text-alternative"></slot>
          <div class="said" role="status"></div>
          <div class="said" role="alert"></div>`;
  }

  /** Panel and note, which most buttons of a page never have; drawn by itself, so that those pay nothing for it. */
  #drawMore(): void {
    const { _panel: panel, _notes: notes, renderRoot } = this;
    if (!panel && notes === NO_NOTES && !this.statusUrl && !renderRoot.querySelector('.note')) return;
    const note = this.#live ? nothing : (notes.busy ?? notes.closed ?? notes.other);
    render(
      html`${panel}
        <div class="note" id="note">${note}</div>`,
      renderRoot as ShadowRoot,
      {
        host: this,
        renderBefore: renderRoot.querySelector('[role=status]'),
      },
    );
  }

  /** Whether a click belongs to the call that is there. */
  get #live(): boolean {
    return LIVE.includes(this.callState);
  }

  /** Why this browser, or this page, cannot carry a call at all. */
  get #obstacle() {
    if (!isSecureContext) return 'insecure-context';
    // The second one by name: to read it makes the browser build all of `navigator`, 20 kB of every page.
    return globalThis.RTCPeerConnection && 'MediaDevices' in globalThis ? undefined : 'unsupported';
  }

  #onClick(): void {
    if (this.#live) this.open();
    else if (this.availability === 'available') void this.call();
  }

  /** What happens to the button. @internal */
  handleEvent(event: Event): void {
    if (event.type === 'click') this.#onClick();
    else if (event.type.endsWith('down')) this.#onPress(event);
    else if (this.#preload === 'intent') this.#warm((engine) => engine.warm());
  }

  /** A press becomes a click, but for one on touch, which may become a scroll. */
  #onPress({ key = ' ', pointerType, button }: Partial<PointerEvent & KeyboardEvent>): void {
    if ((key === ' ' || key === 'Enter') && pointerType !== 'touch' && !button)
      this.#warm((engine) => engine.prefetch());
  }

  get #preload() {
    return this.getAttribute('preload') ?? 'intent';
  }

  /** Consent is asked for first, and nothing is fetched before it is given. */
  get #askFirst() {
    return this.hasAttribute('require-consent');
  }

  /** Goes ahead of a click, but not of one that may not become a call; who saves data, or looks elsewhere, pays for none. */
  #warm(step: (engine: Engine) => void): void {
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    const wanted = !this.#askFirst && this.availability === 'available' && this.#preload !== 'none';
    // The click says what went wrong.
    if (wanted && !connection?.saveData && !document.hidden) this.#load().then(step, () => {});
  }

  #load(): Promise<Engine> {
    this.#loading ??= loadEngine().then(
      (createEngine) => {
        this.#engine = createEngine(this.#port);
        this.#engine.muted = this.#muted;
        return this.#engine;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }

  async #call(): Promise<CallResult> {
    const began = performance.now();
    const { line } = this;
    if (this.disabled) return over('cancelled');
    if (this.#askFirst && !this._asking) {
      this._asking = true;
      this.#announce(this.querySelector('[slot=consent]')?.textContent ?? '');
      return over('cancelled');
    }
    this.#cancelled = false;
    if (!this.#emit('sautikit-before-call', { line }, true)) return over('cancelled');
    const obstacle = this.#obstacle;
    if (obstacle) {
      this.#emit('sautikit-error', { code: obstacle });
      return over('failed', obstacle);
    }
    const loading = this.#load();
    // A call that begins within its click needs none made ahead.
    const speaker = this.#engine ? undefined : makeSpeakerParts();
    this.#setState('preparing');
    let engine: Engine;
    try {
      engine = this.#engine ?? (await loading);
    } catch {
      return this.#notLoaded(line);
    }
    this._asking = false;
    this.#note('other');
    return engine.call(speaker, began, () => this.#cancelled);
  }

  /** There is no engine to say so; the next click tries to load it again. */
  #notLoaded(line: string | null): CallResult {
    const result = over('failed', 'engine-load-failed');
    this.#setState('failed');
    const text = 'The call could not start. Please try again.';
    this.#announce(text, true);
    this.#note('other', text);
    this.#emit('sautikit-call-ended', { callId: crypto.randomUUID(), line, ...result });
    return result;
  }

  #setState(to: CallState): void {
    const from = this.callState;
    if (from === to) return;
    this.state = to === 'idle' ? null : to;
    this.#emit('sautikit-state-change', { from, to });
  }

  /** @returns false where it could be prevented, and was */
  #emit<Name extends EventName>(name: Name, detail: EventDetail<Name>, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }

  /** Into the region of the facade, where that is drawn; what it says already is not said again. */
  #announce(text: string, urgent?: boolean): void {
    void this.updateComplete.then(() => {
      const region = this.renderRoot.querySelector(urgent ? '[role=alert]' : '[role=status]')!;
      if (region.textContent !== text) region.textContent = text;
    });
  }

  #note(kind: NoteKind, content?: unknown): void {
    this._notes = { ...this._notes, [kind]: content };
  }

  /** Made when the lazy part is there: most buttons of a page never lend anything. */
  get #port(): FacadePort {
    return (this.#lent ??= {
      element: this,
      get all() {
        return [...ALL].map((button) => button.#port);
      },
      lit: { html, nothing },
      setState: (state) => this.#setState(state),
      emit: (name, detail) => this.#emit(name, detail),
      announce: (text, urgent) => this.#announce(text, urgent),
      show: (panel) => (this._panel = panel),
      note: (kind, content) => this.#note(kind, content),
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sautikit-call-button': SautikitCallButton;
  }
}
