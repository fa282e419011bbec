import { isLive, nextCallState, type CallEvent, type CallState } from '../call/call-machine.js';
import { asSautikitError, inContext, responsibleFor, SautikitError } from '../errors.js';
import type { Log } from '../log.js';
import { haveCommonCodec } from '../media/common-codec.js';
import type { Peer } from '../media/peer.js';
import { QualityWatch } from '../media/quality-watch.js';
import type { SessionEnding, SessionHandlers, SipSession } from '../sip/sip-session.js';
import type { Grant } from '../token/token-grant.js';
import { CallAudio } from './call-audio.js';
import type { CallEvents, CallOptions, CallResult } from './call-events.js';
import { CallClock, type CallTimings } from './call-timings.js';
import { deferred } from './deferred.js';
import { Emitter } from './emitter.js';
import type { GatewaySession } from './gateway-session.js';
import { MediaWatch } from './media-watch.js';
import { Recovery } from './recovery.js';

export type { CallEvents, CallOptions, CallOutcome, CallResult } from './call-events.js';

/** A remote hang-up this close to the limit (s) was the limit. */
const LIMIT_TOLERANCE = 2;

/** One call, outgoing or incoming: its state, its media and its end. Every call ends exactly once. */
export abstract class Call {
  /**
   * Random. Of an outgoing call it is the Call-ID of its INVITE and the `correlation_id` of its token request too, so that it
   * stands in the logs of gateway and backend; who comes in has been given a Call-ID by the far end, which stays there.
   */
  readonly id: string;
  abstract readonly direction: 'outgoing' | 'incoming';

  protected readonly log: Log;
  protected readonly clock: CallClock;
  protected session: SipSession | undefined;
  protected gateway: GatewaySession | undefined;
  protected peer: Peer | undefined;
  protected readonly audio: CallAudio;
  readonly #makePeer: (grant: Grant) => Peer;
  readonly #events = new Emitter<CallEvents>();
  readonly #finished = deferred<CallResult>();
  readonly #recovery: Recovery;
  #mediaWatch: MediaWatch | undefined;
  #qualityWatch: QualityWatch | undefined;
  /** Whether somebody listens for it; looking at statistics costs something. */
  #qualityWanted = false;
  #monitorWanted = false;
  #state: CallState = 'idle';
  #remoteStream: MediaStream | undefined;
  /** Re-INVITEs of the recovery that is under way. */
  #reinvites = 0;
  #stopWatching = (): void => {};

  constructor({ id = crypto.randomUUID(), speaker, stream, speakerId, tones, began, makePeer, log }: CallOptions) {
    this.id = id;
    this.log = (message) => log(`call ${id}: ${message}`);
    this.#makePeer = makePeer;
    this.clock = new CallClock(began);
    this.audio = new CallAudio({
      speaker,
      speakerId,
      tones,
      sender: () => this.peer?.sender,
      onBlocked: (blocked) => this.#events.emit('audioblocked', blocked),
      onDevices: (change) => this.#events.emit('devicechanged', change),
      onSilence: (silent) => this.#events.emit('silence', silent),
      onSpokeMuted: (speaking) => this.#events.emit('spokemuted', speaking),
    });
    if (stream) this.audio.microphone.use(stream);
    this.#recovery = new Recovery({
      connected: () => this.gateway?.connected ?? false,
      mediaFlows: () => this.#mediaWatch?.flows ?? false,
      refreshIceServers: () => this.refreshIceServers(),
      reinvite: (iceRestart) => this.#reinvite(iceRestart),
      onChange: (recovering) => {
        if (recovering) this.#reinvites = 0;
        this.log(`recovery ${recovering ? 'whole -> recovering' : 'recovering -> whole'}`);
        this.#events.emit('reconnecting', recovering);
      },
      onLost: () => {
        this.log('recovery recovering -> lost');
        const step = this.gateway?.connected ? 'media' : 'connection';
        this.fail(new SautikitError('connection-lost', { tried: { step, attempts: this.#reinvites } }));
      },
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
    return this.audio.microphone.muted;
  }

  get reconnecting(): boolean {
    return this.#recovery.recovering;
  }

  get audioBlocked(): boolean {
    return this.audio.speaker.blocked;
  }

  /** How loud the far end is played, 0 to 1. Default 1. */
  set volume(volume: number) {
    this.audio.speaker.volume = volume;
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

  /**
   * How loud the microphone is, for a meter: 0 at -60 dBFS and below, 1 at full scale; also while muted. 0 where it cannot
   * be measured. The first look begins to measure.
   */
  get inputLevel(): number {
    return this.audio.level;
  }

  /**
   * Speaks into another device, without a gap; mute stays. Does nothing in a call that has no microphone yet, or any more.
   * @param deviceId `undefined` for the system's choice
   * @throws {SautikitError} one of the `mic-…` codes; what was spoken into before goes on
   */
  useMicrophone(deviceId: string | undefined): Promise<void> {
    return this.audio.useMicrophone(deviceId).catch(this.#inThisCall);
  }

  /**
   * Is heard from another device.
   * @param deviceId `undefined` for the system's choice
   * @throws {SautikitError} `unsupported` where the device is gone, or the browser cannot choose; the old one goes on
   */
  useSpeaker(deviceId: string | undefined): Promise<void> {
    return this.audio.useSpeaker(deviceId).catch(this.#inThisCall);
  }

  /** Silence and quality are measured in a call that was answered, from the first listener on; without one, nothing is. */
  on<Name extends keyof CallEvents>(name: Name, listener: (detail: CallEvents[Name]) => void): () => void {
    if (name === 'silence' || name === 'spokemuted') {
      this.#monitorWanted = true;
      this.#monitor();
    }
    if (name === 'quality') {
      this.#qualityWanted = true;
      this.#watchQuality();
    }
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
    this.audio.speaker.unblock();
  }

  /** Ends the call in whatever state it is. Resolves when it is over. */
  async hangup(): Promise<void> {
    if (!this.move('hangup')) {
      if (this.live) await this.finished;
      return;
    }
    const { session, gateway } = this;
    if (session?.answered && gateway && !gateway.heard) {
      // The far end hears of it when the connection is back; this end is over now.
      gateway.whenHeard(() => session.terminate());
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
    this.log(`${from} -> ${to}`);
    this.#events.emit('state', { from, to });
    if (to === 'dialing' || to === 'ringing') this.#events.emit(to, undefined);
    return true;
  }

  /** What was thrown, as an error of this call. */
  protected inContext(error: unknown): SautikitError {
    return inContext(asSautikitError(error), { correlationId: this.id });
  }

  readonly #inThisCall = (error: unknown): never => {
    throw this.inContext(error);
  };

  /** Rejects as soon as the call is over, so that what waits for the network ends with the call. */
  protected async whileLive<T>(promise: Promise<T>): Promise<T> {
    const over = this.finished.then(() => Promise.reject(new SautikitError('call-refused')));
    const value = await Promise.race([promise, over]);
    return value;
  }

  protected createPeer(grant: Grant): Peer {
    const peer = this.#newPeer(grant);
    this.#use(peer);
    return peer;
  }

  #newPeer(grant: Grant): Peer {
    try {
      return this.#makePeer(grant);
    } catch {
      // The browser has its own rules for ICE servers, a TURN server without credential for one.
      throw new SautikitError('token-malformed', { field: 'ice_servers' });
    }
  }

  /** The call's one connection from now on. */
  #use(peer: Peer): void {
    this.peer?.close();
    this.peer = peer;
    peer.onStream((stream) => this.#onRemoteStream(peer, stream));
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
    this.#release(wasActive);
    const limit = this.maxDuration;
    const overLimit = wasActive && by === 'remote' && limit !== undefined && this.seconds >= limit - LIMIT_TOLERANCE;
    const code = overLimit ? 'time-limit' : error?.code;
    this.move(error ? 'fail' : 'end');
    const failed = this.#state === 'failed';
    const failure = failed ? this.inContext(error) : undefined;
    const result: CallResult = {
      outcome: failed ? 'failed' : wasActive ? 'completed' : 'cancelled',
      ...(code && (failed || overLimit) && { code, responsible: responsibleFor(code) }),
      ...(failure && { responsible: failure.responsible, tried: failure.tried }),
      durationSeconds: Math.round(this.seconds),
      timings: this.timings,
    };
    if (failure) this.#events.emit('failed', failure);
    else this.#events.emit('ended', result);
    this.#finished.resolve(result);
  }

  /** Gives back what the call held; the gateway session is given back by whoever lent it. */
  #release(answered: boolean): void {
    this.#stopWatching();
    this.#recovery.stop();
    this.#mediaWatch?.stop();
    this.#qualityWatch?.stop();
    this.audio.close(answered);
    this.peer?.close();
    this.gateway?.hurry(false);
    this.gateway?.stay(false);
  }

  #setMuted(muted: boolean): void {
    if (this.muted === muted) return;
    this.audio.microphone.muted = muted;
    this.#events.emit('mute', muted);
  }

  #onRemoteStream(peer: Peer, stream: MediaStream): void {
    if (peer !== this.peer || !this.live) return;
    this.#remoteStream = stream;
    // A remote track is muted until its first packet (WebRTC section 5.3).
    const [track] = stream.getAudioTracks();
    const onAudio = () => {
      this.clock.mark('audio');
      this.audio.stopRinging();
    };
    track?.addEventListener('unmute', onAudio, { once: true });
    this.audio.speaker.play(stream);
  }

  #onAnswered(): void {
    this.clock.mark('answered');
    if (!this.move('answer')) return;
    const { gateway, peer } = this;
    if (peer && !haveCommonCodec(peer.connection)) return this.fail(new SautikitError('media-failed'));
    gateway?.hurry(false);
    gateway?.stay(true);
    this.audio.stopRinging();
    this.#stopWatching = gateway?.watch((connected) => this.#onConnection(connected)) ?? (() => {});
    this.#mediaWatch =
      peer &&
      new MediaWatch(peer.connection, {
        onNever: () => this.fail(new SautikitError('media-failed')),
        // Mostly the way of the signalling is gone as well, and that can be known sooner than it would notice.
        onDoubt: () => this.gateway?.probe(),
        onLost: () => this.#recovery.mediaLost(),
        onFlows: () => this.#recovery.mediaRestored(),
      });
    this.#watchQuality();
    this.#monitor();
    this.#events.emit('answered', undefined);
  }

  /** Not before: its audio context takes longer to make than an INVITE. */
  #monitor(): void {
    if (this.#monitorWanted && this.#state === 'active') this.audio.monitor();
  }

  #watchQuality(): void {
    if (!this.#qualityWanted || this.#qualityWatch || this.#state !== 'active' || !this.peer) return;
    const current = { getStats: () => this.peer!.connection.getStats() };
    this.#qualityWatch = new QualityWatch(current, (quality) => this.#events.emit('quality', quality));
  }

  #onConnection(connected: boolean): void {
    if (connected) this.#recovery.signallingRestored();
    else this.#recovery.signallingLost(this.gateway?.pathGone ?? false);
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
    const result = await this.#offer(iceRestart);
    // Its answer may have shown that only a new connection will do.
    return result === 'done' && this.#mediaWatch?.broken && this.live ? this.#offer(iceRestart) : result;
  }

  async #offer(iceRestart: boolean) {
    this.#reinvites++;
    const fresh = this.#mediaWatch?.broken ? this.#freshPeer() : undefined;
    const result = (await this.session?.reinvite(iceRestart, fresh)) ?? 'gone';
    this.log(`re-INVITE${fresh ? ' of a new connection' : iceRestart ? ' with an ICE restart' : ''}: ${result}`);
    if (fresh) this.#replacePeer(fresh, result === 'done');
    else if (result !== 'done') await this.peer?.rollback().catch(() => {});
    return result;
  }

  /** A connection that can take the place of the one that is broken: it speaks with the same microphone. */
  #freshPeer(): Peer | undefined {
    const { stream } = this.audio.microphone;
    if (!this.gateway || !stream) return undefined;
    try {
      const peer = this.#newPeer(this.gateway.current);
      for (const track of stream.getAudioTracks()) peer.connection.addTrack(track, stream);
      return peer;
    } catch {
      // Renewed ICE servers that the browser does not take: the next try has others.
      return undefined;
    }
  }

  /** @param taken whether the far end has taken it; the call may be over */
  #replacePeer(fresh: Peer, taken: boolean): void {
    if (!taken || !this.live) return fresh.close();
    this.#use(fresh);
    this.#mediaWatch?.follow(fresh.connection);
    // Meanwhile another one may have been chosen.
    void fresh.sender?.replaceTrack(this.audio.microphone.stream?.getAudioTracks()[0] ?? null).catch(() => {});
  }
}
