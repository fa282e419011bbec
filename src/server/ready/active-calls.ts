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
    const name = `${callId} ${fromTag}`;
    if (type === 'ended') this.#calls.delete(name);
    else if (type === 'started') this.#calls.set(name, { line, since: this.#now() });
  }

  /** How many there are, by line. */
  count(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [name, { line, since }] of this.#calls) {
      if (since + LONGEST <= this.#now()) this.#calls.delete(name);
      else counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    return counts;
  }
}
