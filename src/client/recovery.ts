import type { ReinviteResult } from '../sip/sip-session.js';
import { GRACE } from './gateway-session.js';

/** RFC 3261 section 14.1: whoever made the Call-ID waits 2.1 to 4 s after a refused re-INVITE (ms). */
const RETRY = { least: 2_100, most: 4_000 } as const;
/** ICE that has been restarted and carries nothing after this long (ms) is restarted again. */
const MEDIA_LIMIT = 6_000;
/**
 * So long (ms) beyond the grace a call is tried to be had back. The gateway notices a loss later than we do, and a browser
 * may hold a connection back after others have failed (RFC 6455 section 7.2.3): Firefox does so, by then for some 10 s.
 */
const BEYOND_GRACE = 15_000;

export interface RecoveryHandlers {
  connected(): boolean;
  mediaFlows(): boolean;
  /** Before an ICE restart: TURN credentials may have expired. */
  refreshIceServers(): Promise<void>;
  reinvite(iceRestart: boolean): Promise<ReinviteResult>;
  onChange(recovering: boolean): void;
  /** The call cannot be had back. */
  onLost(): void;
}

/**
 * Brings an answered call back after its signalling or its media went away: registration first (the gateway session does
 * that), then a re-INVITE, with an ICE restart where nothing is heard. Tried again until the gateway's grace is over; and
 * beyond that for as long as the voice goes on, since a gateway that still ran would have ended it.
 */
export class Recovery {
  readonly #handlers: RecoveryHandlers;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The far end does not know yet where we are. */
  #targetStale = false;
  /** The media's way went with that of the signalling, whatever the peer connection says: it notices after five seconds. */
  #pathStale = false;
  /** The grace is over, and there is still a voice. */
  #overdue = false;
  #running = false;
  #stopped = false;

  constructor(handlers: RecoveryHandlers) {
    this.#handlers = handlers;
  }

  get recovering(): boolean {
    return this.#grace !== undefined;
  }

  /** @param pathGone with all that took the same way */
  signallingLost(pathGone: boolean): void {
    this.#targetStale = true;
    this.#pathStale ||= pathGone;
    this.#begin();
  }

  signallingRestored(): void {
    void this.#run();
  }

  mediaLost(): void {
    if (this.#overdue) return this.#lose();
    this.#begin();
    void this.#run();
  }

  mediaRestored(): void {
    this.#settle();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#grace);
    clearTimeout(this.#timer);
  }

  #begin(): void {
    if (this.#stopped || this.recovering) return;
    this.#grace = setTimeout(() => this.#graceOver(), GRACE + BEYOND_GRACE);
    this.#handlers.onChange(true);
  }

  /** Whole again? */
  #settle(): void {
    if (!this.recovering || this.#targetStale || !this.#handlers.mediaFlows()) return;
    clearTimeout(this.#grace);
    clearTimeout(this.#timer);
    this.#grace = undefined;
    this.#overdue = false;
    this.#handlers.onChange(false);
  }

  #graceOver(): void {
    if (this.#handlers.mediaFlows()) this.#overdue = true;
    else this.#lose();
  }

  #lose(): void {
    if (this.#stopped) return;
    this.stop();
    this.#handlers.onLost();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#stopped || !this.recovering || !this.#handlers.connected()) return;
    this.#running = true;
    clearTimeout(this.#timer);
    const restart = this.#pathStale || !this.#handlers.mediaFlows();
    if (restart) await this.#handlers.refreshIceServers();
    const result = this.#stopped ? 'gone' : await this.#handlers.reinvite(restart);
    this.#running = false;
    if (this.#stopped) return;
    if (result === 'gone') return this.#lose();
    if (result === 'done') this.#targetStale = this.#pathStale = false;
    this.#settle();
    if (!this.recovering) return;
    const pause = RETRY.least + Math.random() * (RETRY.most - RETRY.least);
    this.#timer = setTimeout(() => void this.#run(), result === 'done' ? MEDIA_LIMIT : pause);
  }
}
