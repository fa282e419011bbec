import { isLive, type CallState } from '../call/call-machine.js';
import type { ConnectionState } from '../call/connection-machine.js';
import type { CallResult } from '../client/call.js';
import type { OutgoingCall } from '../client/outgoing-call.js';
import { SautikitClient, type SautikitClientOptions } from '../client/sautikit-client.js';
import type { SautikitError, ErrorCode } from '../errors.js';
import { messages } from '../i18n/locales/en.js';
import { Words } from '../i18n/words.js';
import { createLog } from '../log.js';
import type { SpeakerParts } from '../media/speaker.js';
import type { TokenProvider } from '../token/token-source.js';
import { acquireCallLock, releaseCallLock } from './call-lock.js';
import { setCustomStates } from './custom-states.js';
import type { Engine, FacadePort } from './facade-port.js';
import { PageGuards } from './page-guards.js';
import { CallPanel } from './panel/call-panel.js';
import { NEAR_THE_END, newPanelModel, type PanelModel } from './panel/panel-model.js';

/** Attribution is bounded, since it travels with every request (bytes of JSON). */
const MAX_CONTEXT = 1024;

const never: CallResult = { outcome: 'cancelled', durationSeconds: 0, timings: {} };

/** The parts of a call that never came. */
function silence(speaker: SpeakerParts | undefined): void {
  speaker?.audio.pause();
  void speaker?.context?.close().catch(() => {});
}

/** One button's calls: between the facade, the headless client and the panel. */
export class CallController implements Engine {
  readonly #port: FacadePort;
  readonly #panel: CallPanel;
  readonly #guards: PageGuards;
  readonly #log;
  #client: SautikitClient | undefined;
  #clientKey = '';
  #provider: TokenProvider | undefined;
  #call: OutgoingCall | undefined;
  #callId: string | null = null;
  #muted = false;
  #words = new Words('en', messages);
  #model: PanelModel = newPanelModel();
  #said = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(port: FacadePort) {
    this.#port = port;
    this.#log = createLog(() => port.element.hasAttribute('debug'));
    this.#panel = new CallPanel(port, () => this.#words, {
      hangup: () => void this.hangup(),
      toggleMute: () => port.element.toggleMute(),
      togglePane: (pane) => this.#update({ pane: this.#model.pane === pane ? undefined : pane }),
      sendDigit: (digit) => this.sendDTMF(digit),
      hear: () => this.#call?.unblockAudio(),
      callAgain: () => void port.element.call(),
      close: () => this.close(),
      chooseMicrophone: () => {},
      chooseSpeaker: () => {},
      testMicrophone: () => {},
      copyLink: () => {},
      ownWindow: () => {},
    });
    this.#guards = new PageGuards({
      onLeave: () => this.#client?.disconnectNow(),
      onReturn: () => this.#rest(),
      onHangup: () => void this.hangup(),
      onToggleMute: () => port.element.toggleMute(),
    });
  }

  get connectionState(): ConnectionState {
    return this.#client?.connectionState ?? 'offline';
  }

  get callId(): string | null {
    return this.#callId;
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    if (this.#muted === muted) return;
    this.#muted = muted;
    if (muted) this.#call?.mute();
    else this.#call?.unmute();
    if (!this.#call) this.#update({ muted });
  }

  warm(): void {
    this.#tryClient()?.warm();
  }

  prefetch(): void {
    if (!this.#call) this.#tryClient()?.prefetch();
  }

  async call(speaker: SpeakerParts | undefined, cancelled: () => boolean): Promise<CallResult> {
    const line = this.#port.element.line;
    if (cancelled()) return this.#cancelledEarly(line, speaker);
    if (!acquireCallLock(this)) return this.#refused('busy-elsewhere', speaker);
    const client = this.#tryClient();
    if (!client) {
      releaseCallLock(this);
      return this.#refused('token-malformed', speaker);
    }
    const call = client.dial(undefined, speaker ? { speaker } : {});
    this.#call = call;
    this.#callId = call.id;
    this.#model = { ...newPanelModel(), state: 'preparing', muted: this.#muted };
    if (this.#muted) call.mute();
    this.#listen(call, line);
    this.#guards.watch();
    this.#panel.open(this.#model);
    const result = await call.finished;
    this.#finish(call, line, result);
    return result;
  }

  refuse(code: ErrorCode): void {
    this.#port.emit('sautikit-error', { code });
    this.#model = { ...newPanelModel(), state: 'failed', error: code };
    this.#panel.open(this.#model);
    this.#say(true);
  }

  async hangup(): Promise<void> {
    await this.#call?.hangup();
  }

  sendDTMF(tones: string): boolean {
    const sent = this.#call?.sendDTMF(tones) ?? false;
    if (sent) this.#update({ digits: (this.#model.digits + tones).slice(-16) });
    return sent;
  }

  open(): void {
    if (this.#model.state !== 'idle') this.#panel.open(this.#model);
  }

  close(): void {
    this.#panel.close();
    if (!this.#call) this.#rest();
  }

  dispose(): void {
    void this.hangup();
    this.#panel.close();
    this.#guards.dispose();
    releaseCallLock(this);
    void this.#client?.disconnect();
    this.#client = undefined;
  }

  /** Back to a button that waits for a click. */
  #rest(): void {
    this.#model = newPanelModel();
    this.#panel.close();
    this.#port.setState('idle');
    this.#states();
  }

  /** Hung up on while the engine was loading: nothing has been asked for, and the call that began ends. */
  #cancelledEarly(line: string | null, speaker: SpeakerParts | undefined): CallResult {
    silence(speaker);
    this.#port.setState('ended');
    this.#port.emit('sautikit-call-ended', { callId: crypto.randomUUID(), line, ...never });
    return never;
  }

  /** A call that never began. */
  #refused(code: ErrorCode, speaker: SpeakerParts | undefined): CallResult {
    silence(speaker);
    this.#port.setState('failed');
    this.refuse(code);
    return { ...never, outcome: 'failed', code };
  }

  /** The client for the attributes of this moment; a new one where they have changed. */
  #tryClient(): SautikitClient | undefined {
    if (this.#call) return this.#client;
    const options = this.#options();
    if (!options) return undefined;
    const { tokenProvider, debug: _debug, ...rest } = options;
    const key = JSON.stringify(rest);
    if (!this.#client || this.#clientKey !== key || this.#provider !== tokenProvider) {
      void this.#client?.disconnect();
      this.#client = new SautikitClient(options);
      this.#clientKey = key;
      this.#provider = tokenProvider;
    }
    return this.#client;
  }

  #options(): SautikitClientOptions | undefined {
    const { element } = this.#port;
    const attribute = (name: string) => element.getAttribute(name) ?? undefined;
    const { tokenUrl, tokenProvider } = element;
    if (!tokenUrl && !tokenProvider) {
      // A developer's mistake: no visitor can mend it.
      // eslint-disable-next-line no-console
      console.error(`<${element.localName}> needs the attribute token-url, or the property tokenProvider.`);
      return undefined;
    }
    const method = attribute('token-method')?.toUpperCase();
    const credentials = attribute('token-credentials');
    return {
      ...(tokenProvider ? { tokenProvider } : { tokenUrl: tokenUrl! }),
      tokenMethod: method === 'GET' || method === 'POST' ? method : undefined,
      tokenCredentials: credentials === 'include' || credentials === 'omit' ? credentials : undefined,
      gatewayUrl: attribute('gateway-url')
        ?.trim()
        .split(/[\s,]+/),
      line: element.line ?? undefined,
      // Looked up when it is needed, so that it may change without a new connection.
      solveChallenge: async (challenge, signal) => element.solveChallenge?.(challenge, signal),
      context: this.#context(attribute('context')),
      debug: () => element.hasAttribute('debug'),
    };
  }

  #context(json: string | undefined): Record<string, unknown> | undefined {
    if (!json) return undefined;
    try {
      const context: unknown = JSON.parse(json);
      const fits = new Blob([json]).size <= MAX_CONTEXT;
      if (fits && typeof context === 'object' && context && !Array.isArray(context)) {
        return context as Record<string, unknown>;
      }
    } catch {
      // Said below.
    }
    this.#log('the attribute context is no JSON object of at most 1 kB, and was left out');
    return undefined;
  }

  #listen(call: OutgoingCall, line: string | null): void {
    const detail = { callId: call.id, line };
    call.on('state', ({ to }) => this.#onState(to));
    call.on('dialing', () => this.#port.emit('sautikit-call-dialing', detail));
    call.on('ringing', () => this.#port.emit('sautikit-call-ringing', detail));
    call.on('answered', () => {
      this.#guards.activate();
      this.#guards.setMuted(call.muted);
      this.#ticking = setInterval(() => this.#tick(call), 1000);
      this.#port.emit('sautikit-call-answered', { ...detail, timings: call.timings });
    });
    call.on('mute', (muted) => {
      this.#muted = muted;
      this.#guards.setMuted(muted);
      this.#port.emit('sautikit-mute-change', { ...detail, muted });
      this.#update({ muted });
      this.#port.announce(this.#words.text(muted ? 'muted' : 'unmuted'));
    });
    call.on('hold', (held) => this.#update({ held }, true));
    call.on('reconnecting', (reconnecting) => this.#update({ reconnecting }, true));
    call.on('audioblocked', (audioBlocked) => this.#update({ audioBlocked }));
    call.on('failed', (error: SautikitError) => this.#update({ error: error.code, opensAt: error.opensAt }));
  }

  /** The end of a call is told by `#finish`, when everything of it has been given back. */
  #onState(to: CallState): void {
    if (!isLive(to)) return;
    this.#port.setState(to);
    this.#update({ state: to }, true);
  }

  #tick(call: OutgoingCall): void {
    const left = call.maxDuration === undefined ? Infinity : Math.max(0, Math.round(call.maxDuration - call.seconds));
    this.#update({ seconds: call.seconds, secondsLeft: left <= NEAR_THE_END ? left : undefined });
  }

  #finish(call: OutgoingCall, line: string | null, result: CallResult): void {
    clearInterval(this.#ticking);
    this.#guards.release();
    releaseCallLock(this);
    this.#call = undefined;
    this.#callId = null;
    // A caller who muted this call would not know it of the next.
    this.#muted = false;
    const state = result.outcome === 'failed' ? 'failed' : 'ended';
    this.#port.setState(state);
    this.#update(
      {
        state,
        error: result.code,
        cancelled: result.outcome === 'cancelled',
        seconds: result.durationSeconds,
        secondsLeft: undefined,
        reconnecting: false,
        held: false,
        audioBlocked: false,
        pane: undefined,
        muted: false,
      },
      true,
    );
    this.#port.emit('sautikit-call-ended', { callId: call.id, line, ...result });
  }

  #update(change: Partial<PanelModel>, said = false): void {
    Object.assign(this.#model, change);
    this.#panel.update(this.#model);
    this.#states();
    if (said) this.#say(this.#model.error !== undefined);
  }

  /** The same sentence twice in a row is read only if its text differs. */
  #say(urgent: boolean): void {
    this.#port.announce(this.#panel.status(this.#model) + (this.#said++ % 2 ? '\u00a0' : ''), urgent);
  }

  #states(): void {
    const { state, muted, reconnecting, held, error } = this.#model;
    setCustomStates(this.#port.element, [
      ...(state === 'idle' ? [] : [state]),
      ...(muted ? ['muted'] : []),
      ...(reconnecting ? ['reconnecting'] : []),
      ...(held ? ['held'] : []),
      ...(error === 'line-closed' ? ['closed'] : []),
    ]);
  }
}
