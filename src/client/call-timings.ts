/** Milestones of a call, in milliseconds since it began (the click, where there was one); absent where not reached. */
export interface CallTimings {
  /** The token endpoint's answer is here. */
  grant?: number;
  /** The gateway's socket is open. */
  socket?: number;
  /** The microphone is open. */
  microphone?: number;
  /** The INVITE has left. */
  invite?: number;
  /** The far end rings. */
  ringing?: number;
  /** The far end has answered. */
  answered?: number;
  /** The first audio packet of the far end was received. */
  audio?: number;
}

/** Takes the times of one call; each milestone counts once. */
export class CallClock {
  readonly timings: CallTimings = {};
  readonly #start = performance.now();
  #answered: number | undefined;
  #ended: number | undefined;

  mark(milestone: keyof CallTimings): void {
    this.timings[milestone] ??= Math.round(performance.now() - this.#start);
    if (milestone === 'answered') this.#answered ??= performance.now();
  }

  stop(): void {
    this.#ended ??= performance.now();
  }

  /** Seconds from the answer to now, or to the end; 0 before an answer. */
  get seconds(): number {
    return this.#answered === undefined ? 0 : ((this.#ended ?? performance.now()) - this.#answered) / 1000;
  }
}
