import { isLive, nextCallState, type CallEvent, type CallState } from '../call/call-machine.js';
import { asSautikitError, SautikitError, type ErrorCode } from '../errors.js';
import type { Log } from '../log.js';
import { closeMicrophone } from '../media/microphone.js';
import { Peer } from '../media/peer.js';
import { Speaker, type SpeakerParts } from '../media/speaker.js';
import type { SessionEnding, SessionHandlers, SipSession } from '../sip/sip-session.js';
import { CallClock, type CallTimings } from './call-timings.js';
import { deferred } from './deferred.js';
import { Emitter } from './emitter.js';
import type { GatewaySession } from './gateway-session.js';
import { MediaWatch } from './media-watch.js';
import { Recovery } from './recovery.js';

/** `completed` was answered; `cancelled` was hung up on before; `failed` says why in `code`. */
export type CallOutcome = 'completed' | 'cancelled' | 'failed';

export interface CallResult {
  outcome: CallOutcome;
  /** With `failed` always; with `completed` where something ended the call (`time-limit`). */
  code?: ErrorCode;
  /** Seconds from the answer to the end, 0 where nobody answered. */
  durationSeconds: number;
  timings: CallTimings;
}

export interface CallEvents {
  /** The state changed; see the call machine. */
  state: { from: CallState; to: CallState };
  dialing: void;
  ringing: void;
  answered: void;
  /** The call is over and did not fail. */
  ended: CallResult;
  /** The call is over and failed. */
  failed: SautikitError;
  /** The microphone is muted, or not any more. */
  mute: boolean;
  /** The far end holds the call, or took it up again. */
  hold: boolean;
  /** The call is being brought back after its connection went away, or is back. */
  reconnecting: boolean;
  /** The browser refuses to play the far end until a gesture, or plays it after all. */
  audioblocked: boolean;
}

export interface CallOptions {
  /** Parts that were made inside the click; made here otherwise. */
  speaker?: SpeakerParts | undefined;
  /** Speaks instead of the microphone, for instance a recording; its owner stops it. */
  stream?: MediaStream | undefined;
  log: Log;
}

/** A remote hang-up this close to the limit (s) was the limit. */
const LIMIT_TOLERANCE = 2;

/** One call, outgoing or incoming: its state, its media and its end. Every call ends exactly once. */
export abstract class Call {
  /** Random; says nothing about the signalling. */
  readonly id = crypto.randomUUID();
  abstract readonly direction: 'outgoing' | 'incoming';

  protected readonly log: Log;
  protected readonly clock = new CallClock();
  protected session: SipSession | undefined;
  protected gateway: GatewaySession | undefined;
  protected peer: Peer | undefined;
  protected stream: MediaStream | undefined;
  protected ownsStream: boolean;
  readonly #events = new Emitter<CallEvents>();
  readonly #speaker: Speaker;
  readonly #finished = deferred<CallResult>();
  readonly #recovery: Recovery;
  #mediaWatch: MediaWatch | undefined;
  #state: CallState = 'idle';
  #muted = false;
  #remoteStream: MediaStream | undefined;
  #stopWatching = (): void => {};

  constructor({ speaker, stream, log }: CallOptions) {
    this.log = log;
    this.stream = stream;
    this.ownsStream = stream === undefined;
    this.#speaker = new Speaker((blocked) => this.#events.emit('audioblocked', blocked), speaker);
    this.#recovery = new Recovery({
      connected: () => this.gateway?.connected ?? false,
      mediaFlows: () => this.peer?.connection.connectionState === 'connected',
      refreshIceServers: () => this.refreshIceServers(),
      reinvite: (iceRestart) => this.#reinvite(iceRestart),
      onChange: (recovering) => this.#events.emit('reconnecting', recovering),
      onLost: () => this.fail(new SautikitError('connection-lost')),
    });
  }

  get state(): CallState {
    return this.#state;
  }

  /** True until the call is over. */
  get live(): boolean {
    return isLive(this.#state);
  }

  get muted(): boolean {
    return this.#muted;
  }

  get reconnecting(): boolean {
    return this.#recovery.recovering;
  }

  get audioBlocked(): boolean {
    return this.#speaker.blocked;
  }

  /** How loud the far end is played, 0 to 1. Default 1. */
  set volume(volume: number) {
    this.#speaker.volume = volume;
  }

  /** Seconds since the answer. */
  get seconds(): number {
    return this.clock.seconds;
  }

  /** Seconds after which the gateway ends the call, where it has a limit. */
  get maxDuration(): number | undefined {
    return this.gateway?.grant.maxDuration;
  }

  get timings(): CallTimings {
    return { ...this.clock.timings };
  }

  /** The far end's audio, once there is some. */
  get remoteStream(): MediaStream | undefined {
    return this.#remoteStream;
  }

  /** The peer connection, for statistics; `undefined` before and after the call. */
  get connection(): RTCPeerConnection | undefined {
    return this.live ? this.peer?.connection : undefined;
  }

  /** Resolves when the call is over, however it ends; never rejects. */
  get finished(): Promise<CallResult> {
    return this.#finished.promise;
  }

  on<Name extends keyof CallEvents>(name: Name, listener: (detail: CallEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  off<Name extends keyof CallEvents>(name: Name, listener: (detail: CallEvents[Name]) => void): void {
    this.#events.off(name, listener);
  }

  mute(): void {
    this.#setMuted(true);
  }

  unmute(): void {
    this.#setMuted(false);
  }

  /**
   * Sends digits to the far end: `0`–`9`, `A`–`D`, `*`, `#`, and `,` for a pause of two seconds.
   * @returns false where there is no call to send them in, or where a character is none of these
   */
  sendDTMF(tones: string): boolean {
    if (this.#state !== 'active' || !/^[0-9A-D*#,]+$/i.test(tones)) return false;
    this.session?.sendDTMF(tones.toUpperCase());
    return true;
  }

  /** Plays the far end after all; call it inside a gesture. */
  unblockAudio(): void {
    this.#speaker.unblock();
  }

  /** Ends the call in whatever state it is. Resolves when it is over. */
  async hangup(): Promise<void> {
    if (!this.move('hangup')) {
      if (this.live) await this.finished;
      return;
    }
    const { session, gateway } = this;
    if (session?.answered && gateway && !gateway.connected) {
      // The far end hears of it when the connection is back; this end is over now.
      gateway.whenConnected(() => session.terminate());
    } else {
      session?.terminate();
    }
    this.finish({ by: 'local' });
  }

  /** For a page that goes away: everything that can be said is said in this instant. */
  hangupNow(): void {
    void this.hangup();
    this.gateway?.closeNow();
  }

  protected move(event: CallEvent): boolean {
    const from = this.#state;
    const to = nextCallState(from, event);
    if (!to) {
      this.log(`late: ${event} in ${from}`);
      return false;
    }
    this.#state = to;
    this.log(`call ${from} -> ${to}`);
    this.#events.emit('state', { from, to });
    if (to === 'dialing' || to === 'ringing') this.#events.emit(to, undefined);
    return true;
  }

  /** Rejects as soon as the call is over, so that what waits for the network ends with the call. */
  protected async whileLive<T>(promise: Promise<T>): Promise<T> {
    const over = this.finished.then(() => Promise.reject(new SautikitError('call-refused')));
    const value = await Promise.race([promise, over]);
    return value;
  }

  protected createPeer(iceServers: RTCIceServer[]): Peer {
    try {
      const peer: Peer = new Peer(iceServers, (stream) => this.#onRemoteStream(peer, stream), this.log);
      this.peer?.close();
      this.peer = peer;
      return peer;
    } catch {
      // The browser has its own rules for ICE servers, a TURN server without credential for one.
      throw new SautikitError('token-malformed', { field: 'ice_servers' });
    }
  }

  /** What every session of this call tells it. */
  protected sessionHandlers(): SessionHandlers {
    return {
      onAnswered: () => this.#onAnswered(),
      onHold: (held) => this.#events.emit('hold', held),
      onEnded: (ending) => this.finish(ending),
    };
  }

  protected fail(error: SautikitError): void {
    // In this order: the session's own end would look like a hang-up.
    this.finish({ by: 'local', error });
    this.session?.terminate();
  }

  /** The one end of a call. */
  protected finish({ error, by }: SessionEnding): void {
    if (!this.live) return;
    const wasActive = this.#state === 'active' || this.clock.timings.answered !== undefined;
    this.clock.stop();
    this.#release();
    const limit = this.maxDuration;
    const overLimit = wasActive && by === 'remote' && limit !== undefined && this.seconds >= limit - LIMIT_TOLERANCE;
    const code = overLimit ? 'time-limit' : error?.code;
    this.move(error ? 'fail' : 'end');
    const failed = this.#state === 'failed';
    const result: CallResult = {
      outcome: failed ? 'failed' : wasActive ? 'completed' : 'cancelled',
      ...(code && (failed || overLimit) && { code }),
      durationSeconds: Math.round(this.seconds),
      timings: this.timings,
    };
    if (failed) this.#events.emit('failed', asSautikitError(error));
    else this.#events.emit('ended', result);
    this.#finished.resolve(result);
  }

  /** Gives back what the call held; the gateway session is given back by whoever lent it. */
  #release(): void {
    this.#stopWatching();
    this.#recovery.stop();
    this.#mediaWatch?.stop();
    this.#speaker.close();
    this.peer?.close();
    if (this.ownsStream) closeMicrophone(this.stream);
    this.gateway?.hurry(false);
  }

  protected useStream(stream: MediaStream): void {
    this.stream = stream;
    this.#applyMute();
  }

  #setMuted(muted: boolean): void {
    if (this.#muted === muted) return;
    this.#muted = muted;
    this.#applyMute();
    this.#events.emit('mute', muted);
  }

  #applyMute(): void {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !this.#muted;
  }

  #onRemoteStream(peer: Peer, stream: MediaStream): void {
    if (peer !== this.peer || !this.live) return;
    this.#remoteStream = stream;
    // A remote track is muted until its first packet (WebRTC section 5.3).
    const [track] = stream.getAudioTracks();
    track?.addEventListener('unmute', () => this.clock.mark('audio'), { once: true });
    this.#speaker.play(stream);
  }

  #onAnswered(): void {
    this.clock.mark('answered');
    if (!this.move('answer')) return;
    const { gateway, peer } = this;
    gateway?.hurry(false);
    this.#stopWatching = gateway?.watch((connected) => this.#onConnection(connected)) ?? (() => {});
    this.#mediaWatch =
      peer &&
      new MediaWatch(peer.connection, {
        onNever: () => this.fail(new SautikitError('media-failed')),
        onLost: () => this.#recovery.mediaLost(),
        onFlows: () => this.#recovery.mediaRestored(),
      });
    this.#events.emit('answered', undefined);
  }

  #onConnection(connected: boolean): void {
    if (connected) this.#recovery.signallingRestored();
    else this.#recovery.signallingLost();
  }

  protected async refreshIceServers(): Promise<void> {
    try {
      const servers = await this.gateway?.freshIceServers();
      if (servers) this.peer?.useIceServers(servers);
    } catch {
      // The old servers may still do; without any, host candidates often do.
    }
  }

  async #reinvite(iceRestart: boolean) {
    const result = (await this.session?.reinvite(iceRestart)) ?? 'gone';
    if (result !== 'done') await this.peer?.rollback().catch(() => {});
    return result;
  }
}
