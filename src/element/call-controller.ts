import { isLive, type CallState } from '../call/call-machine.js';
import type { ConnectionState } from '../call/connection-machine.js';
import type { CallResult } from '../client/call.js';
import type { OutgoingCall } from '../client/outgoing-call.js';
import { SautikitClient } from '../client/sautikit-client.js';
import { responsibleFor, type ErrorCode } from '../errors.js';
import { createLog } from '../log.js';
import { endSilence, type SpeakerParts } from '../media/speaker.js';
import { microphoneIsGranted } from '../media/microphone-permission.js';
import type { TokenProvider } from '../token/token-source.js';
import { CallDevices } from './call-devices.js';
import { acquireCallLock, releaseCallLock } from './call-lock.js';
import { CallReport } from './call-report.js';
import { CallView } from './call-view.js';
import { clientOptions } from './client-options.js';
import type { Engine, FacadePort } from './facade-port.js';
import { blockOthers } from './other-buttons.js';
import { canOpenOwnWindow, openOwnWindow } from './own-window.js';
import { PageGuards } from './page-guards.js';
import { NEAR_THE_END, type Pane, type PanelModel } from './panel/panel-model.js';
import { findWayOut } from './ways-out/ways-out.js';

/** How long something in passing stays in the panel (ms). */
const IN_PASSING = 6000;

/** A panel that comes later than this after a click (ms) would look like no answer to it. */
const SHOWN_AFTER = 100;

const never: CallResult = { outcome: 'cancelled', durationSeconds: 0, timings: {} };

/** The parts of a call that never came. */
function silence(speaker: SpeakerParts | undefined): void {
  if (!speaker) return;
  speaker.audio.pause();
  endSilence(speaker);
  void speaker.context?.close().catch(() => {});
}

/** One button's calls: between the facade, the headless client and the panel. */
export class CallController implements Engine {
  readonly #port: FacadePort;
  readonly #view: CallView;
  readonly #devices: CallDevices;
  readonly #guards: PageGuards;
  readonly #log;
  #client: SautikitClient | undefined;
  #clientKey = '';
  #provider: TokenProvider | undefined;
  #call: OutgoingCall | undefined;
  #callId: string | null = null;
  #report: CallReport | undefined;
  #muted = false;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #passing: ReturnType<typeof setTimeout> | undefined;
  #releaseOthers = (): void => {};

  constructor(port: FacadePort) {
    this.#port = port;
    const { element } = port;
    this.#log = createLog(() => element.hasAttribute('debug'));
    this.#view = new CallView(port, {
      hangup: () => void this.hangup(),
      toggleMute: () => element.toggleMute(),
      togglePane: (pane) => this.#togglePane(pane),
      sendDigit: (digit) => this.sendDTMF(digit),
      hear: () => this.#call?.unblockAudio(),
      callAgain: () => void element.call(),
      close: () => this.close(),
      chooseMicrophone: (id) => void this.#devices.chooseMicrophone(id),
      chooseSpeaker: (id) => void this.#devices.chooseSpeaker(id),
      testMicrophone: () => void this.#devices.test(),
      copyLink: () => void this.#copyLink(),
      ownWindow: () => this.#moveToOwnWindow(),
    });
    this.#devices = new CallDevices(element, this.#view, () => this.#call);
    this.#guards = new PageGuards({
      onLeave: () => {
        this.#report?.leave();
        this.#client?.disconnectNow();
      },
      onReturn: () => this.#rest(),
      onHangup: () => void this.hangup(),
      onToggleMute: () => element.toggleMute(),
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
    if (!this.#call) this.#view.update({ muted });
  }

  warm(): void {
    this.#tryClient()?.warm();
    void this.#view.prepare();
  }

  prefetch(): void {
    if (!this.#call) this.#tryClient()?.prefetch();
  }

  async call(speaker: SpeakerParts | undefined, began: number, cancelled: () => boolean): Promise<CallResult> {
    const { element } = this.#port;
    const { line } = element;
    // Nobody would see a call of an element that is in no document.
    if (cancelled() || !element.isConnected) return this.#cancelledEarly(line, speaker);
    if (!acquireCallLock(this)) return this.#refused('busy-elsewhere', speaker);
    const client = this.#tryClient();
    if (!client) {
      releaseCallLock(this);
      return this.#refused('token-malformed', speaker);
    }
    this.#devices.hide();
    const tones = !element.hasAttribute('no-sounds');
    const call = client.dial(undefined, { ...this.#devices.chosen, tones, began, ...(speaker && { speaker }) });
    this.#call = call;
    this.#callId = call.id;
    const report = (this.#report = new CallReport(element, call, line, this.#log));
    if (this.#muted) call.mute();
    this.#listen(call, line);
    this.#guards.watch();
    void this.#show(call);
    const result = await call.finished;
    report.send(result);
    this.#finish(call, line, result);
    return result;
  }

  refuse(code: ErrorCode): void {
    this.#port.emit('sautikit-error', { code, responsible: responsibleFor(code) });
    void this.#view.begin({ state: 'failed', error: code }, true);
    void this.#findWayOut(code);
  }

  async hangup(): Promise<void> {
    await this.#call?.hangup();
  }

  sendDTMF(tones: string): boolean {
    const sent = this.#call?.sendDTMF(tones) ?? false;
    if (sent) this.#view.update({ digits: (this.#view.model.digits + tones).slice(-16) });
    return sent;
  }

  open(): void {
    this.#view.open();
  }

  close(): void {
    this.#devices.hide();
    this.#view.update({ pane: undefined });
    this.#view.close();
    if (!this.#call) this.#rest();
  }

  dispose(): void {
    void this.hangup();
    this.#view.close();
    this.#devices.hide();
    this.#guards.dispose();
    clearTimeout(this.#passing);
    releaseCallLock(this);
    void this.#client?.disconnect();
    this.#client = undefined;
  }

  /**
   * The call has begun; what is shown of it waits for words and permission, and the call for neither. Where nothing has to
   * be asked, the panel waits for the INVITE: to draw it takes longer than all that is left to do.
   */
  async #show(call: OutgoingCall): Promise<void> {
    const moment = microphoneIsGranted().then((granted) => {
      if (granted) return this.#dialled(call);
      if (this.#call === call && call.state === 'preparing') this.#view.update({ prompting: true });
      return undefined;
    });
    const movable = canOpenOwnWindow(this.#port.element);
    await this.#view.begin({ state: 'preparing', muted: this.#muted, movable }, false, moment);
    if (this.#call === call) this.#releaseOthers = blockOthers(this.#port, this.#view.words);
  }

  /** The INVITE has left, or there is something to be seen before it. */
  #dialled(call: OutgoingCall): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, SHOWN_AFTER);
      call.on('state', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Back to a button that waits for a click. */
  #rest(): void {
    this.#devices.hide();
    this.#view.rest();
    this.#port.setState('idle');
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
    return { ...never, outcome: 'failed', code, responsible: responsibleFor(code) };
  }

  /** The client for the attributes of this moment; a new one where they have changed. */
  #tryClient(): SautikitClient | undefined {
    if (this.#call) return this.#client;
    const options = clientOptions(this.#port.element, this.#log);
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

  #listen(call: OutgoingCall, line: string | null): void {
    const detail = { callId: call.id, line };
    call.on('state', ({ to }) => this.#onState(to));
    call.on('dialing', () => {
      // From here on the page may know its devices by name.
      void this.#devices.refresh();
      this.#port.emit('sautikit-call-dialing', detail);
    });
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
      this.#view.update({ muted, ...(!muted && this.#without('speakingMuted')) });
      this.#view.tell(this.#view.words.text(muted ? 'muted' : 'unmuted'));
    });
    call.on('hold', (held) => this.#view.update({ held }, true));
    call.on('reconnecting', (reconnecting) => this.#view.update({ reconnecting }, true));
    call.on('audioblocked', (audioBlocked) => {
      this.#view.update({ audioBlocked });
      if (audioBlocked) this.#view.tell(this.#view.words.text('soundHeld'));
    });
    call.on('failed', (error) => this.#view.update({ error: error.code, opensAt: error.opensAt }));
    call.on('quality', ({ level, mos }) => {
      this.#port.emit('sautikit-quality-change', { ...detail, level, mos });
      const { quality } = this.#view.model;
      this.#view.update({ quality: level });
      if (level === 'poor' || quality === 'poor') this.#view.tell(this.#view.words.text(level));
    });
    call.on('silence', (silent) => this.#notice('notHeard', silent));
    call.on('spokemuted', (speaking) => this.#notice('speakingMuted', speaking));
    call.on('devicechanged', ({ microphoneLost }) => {
      void this.#devices.refresh();
      if (microphoneLost) return this.#notice('notHeard', true);
      this.#notice('deviceChanged', true);
      this.#passing = setTimeout(() => this.#view.update(this.#without('deviceChanged')), IN_PASSING);
    });
  }

  #notice(notice: NonNullable<PanelModel['notice']>, on: boolean): void {
    clearTimeout(this.#passing);
    this.#view.update(on ? { notice } : this.#without(notice));
    if (on) this.#view.tell(this.#view.words.text(notice));
  }

  #without(notice: PanelModel['notice']): Partial<PanelModel> {
    return this.#view.model.notice === notice ? { notice: undefined } : {};
  }

  /** The end of a call is told by `#finish`, when everything of it has been given back. */
  #onState(to: CallState): void {
    if (!isLive(to)) return;
    this.#port.setState(to);
    this.#view.update({ state: to, ...(to !== 'preparing' && { prompting: false }) }, true);
  }

  #tick(call: OutgoingCall): void {
    const left = call.maxDuration === undefined ? Infinity : Math.max(0, Math.round(call.maxDuration - call.seconds));
    const near = left <= NEAR_THE_END;
    const first = near && this.#view.model.secondsLeft === undefined;
    this.#view.update({ seconds: call.seconds, secondsLeft: near ? left : undefined });
    if (first) this.#view.tell(this.#view.words.secondsLeft(left));
  }

  #finish(call: OutgoingCall, line: string | null, result: CallResult): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#passing);
    this.#guards.release();
    releaseCallLock(this);
    this.#releaseOthers();
    this.#devices.hide();
    this.#call = undefined;
    this.#callId = null;
    // A caller who muted this call would not know it of the next.
    this.#muted = false;
    const state = result.outcome === 'failed' ? 'failed' : 'ended';
    this.#port.setState(state);
    this.#view.update(
      {
        state,
        error: result.code,
        cancelled: result.outcome === 'cancelled',
        seconds: result.durationSeconds,
        secondsLeft: undefined,
        reconnecting: false,
        held: false,
        audioBlocked: false,
        prompting: false,
        pane: undefined,
        muted: false,
        quality: undefined,
        notice: undefined,
        movable: canOpenOwnWindow(this.#port.element),
      },
      true,
    );
    if (result.code) void this.#findWayOut(result.code);
    this.#port.emit('sautikit-call-ended', { callId: call.id, line, ...result });
  }

  async #findWayOut(code: ErrorCode): Promise<void> {
    const wayOut = await findWayOut(code);
    if (wayOut && this.#view.model.error === code) this.#view.update({ wayOut });
  }

  #togglePane(pane: Pane): void {
    const next = this.#view.model.pane === pane ? undefined : pane;
    this.#view.update({ pane: next });
    if (next === 'devices') this.#devices.show();
    else this.#devices.hide();
  }

  async #copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#view.model.wayOut?.link ?? '');
      this.#view.update({ linkCopied: true });
      this.#view.tell(this.#view.words.text('copied'));
    } catch {
      // The link stands beside the button, to be copied by hand.
    }
  }

  /** The other window calls by itself; this call has not been answered yet. */
  #moveToOwnWindow(): void {
    if (!openOwnWindow(this.#port.element)) return;
    if (this.#call) void this.hangup().then(() => this.#rest());
    else this.#rest();
  }
}
