import { callName } from '../call-name.js';
import type { CallEvent } from '../call-event.js';

/** A call whose end nobody reports is believed to be over after so long, in milliseconds: longer than calls last. */
const LONGEST = 86_400_000;

interface Active {
  line: string;
  since: number;
}

/** The calls that were let through and have not ended, as far as this process has heard. */
export class ActiveCalls {
  readonly #calls = new Map<string, Active>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  note({ type, callId, fromTag, line = '' }: CallEvent): void {
    const name = callName(callId, fromTag);
    if (type === 'ended') this.#calls.delete(name);
    if (type !== 'started') return;
    // Where several servers share the calls, others hear of the end; and metrics that are off count nothing.
    this.#forget();
    this.#calls.delete(name);
    this.#calls.set(name, { line, since: this.#now() });
  }

  /** How many there are, by line. */
  count(): Map<string, number> {
    const counts = new Map<string, number>();
    this.#forget();
    for (const { line } of this.#calls.values()) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  }

  /** A Map keeps the order of insertion, so the first that is young enough ends the search. */
  #forget(): void {
    for (const [name, { since }] of this.#calls) {
      if (since + LONGEST > this.#now()) return;
      this.#calls.delete(name);
    }
  }
}
