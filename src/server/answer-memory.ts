import type { Answer } from './http.js';

/** Answers a repeated question as it was answered the first time, also while the first answer is still being made. */
export interface Answers {
  /** @param make Never called again for the same key, unless its answer was a failure of ours (500 and above). */
  once(key: string, make: () => Promise<Answer>): Promise<Answer>;
}

/** How long an answer is remembered, in milliseconds: longer than a gateway goes on repeating a question. */
export const MEMORY = 60_000;

/** How many answers are remembered at most. */
const CAPACITY = 10_000;

interface Remembered {
  answer: Promise<Answer>;
  until: number;
}

/** Remembers answers in this process: for one server. */
export class AnswerMemory implements Answers {
  readonly #answers = new Map<string, Remembered>();

  async once(key: string, make: () => Promise<Answer>): Promise<Answer> {
    const known = this.#answers.get(key);
    if (known && known.until > Date.now()) return await known.answer;
    this.#forget();
    const answer = make();
    this.#answers.set(key, { answer, until: Date.now() + MEMORY });
    const { status } = await answer;
    if (status >= 500) this.#answers.delete(key);
    return await answer;
  }

  #forget(): void {
    for (const [key, { until }] of this.#answers) {
      // A Map keeps the order of insertion, so the first that is young enough ends the search.
      if (until > Date.now() && this.#answers.size < CAPACITY) return;
      this.#answers.delete(key);
    }
  }
}
