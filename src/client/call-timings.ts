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

/** Each milestone is a `performance.mark` too, under this prefix: `sautikit-call-button:invite`. */
const MARK = 'sautikit-call-button:';

/** Takes the times of one call; each milestone counts once. The marks are of the page's newest call alone. */
export class CallClock {
  readonly timings: CallTimings = {};
  readonly #began: number;
  #answered: number | undefined;
  #ended: number | undefined;

  /** @param began the click, on the clock of `performance.now()` */
  constructor(began = performance.now()) {
    this.#began = began;
    for (const { name } of performance.getEntriesByType('mark')) {
      if (name.startsWith(MARK)) performance.clearMarks(name);
    }
    performance.mark(`${MARK}click`, { startTime: began });
  }

  mark(milestone: keyof CallTimings): void {
    if (this.timings[milestone] !== undefined) return;
    const now = performance.now();
    this.timings[milestone] = Math.round(now - this.#began);
    performance.mark(MARK + milestone, { startTime: now });
    if (milestone === 'answered') this.#answered = now;
  }

  stop(): void {
    this.#ended ??= performance.now();
  }

  /** Seconds from the answer to now, or to the end; 0 before an answer. */
  get seconds(): number {
    return this.#answered === undefined ? 0 : ((this.#ended ?? performance.now()) - this.#answered) / 1000;
  }
}
