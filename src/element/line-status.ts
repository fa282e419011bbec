import type { ButtonElement } from './facade-port.js';

/** How long the status endpoint may take (ms). */
const LIMIT = 10_000;
/** An answer is asked for again at the opening, and after this long (ms) at the latest where it is still shown. */
const LONGEST = 3_600_000;

/** A closed line, and when it opens if that is known; `undefined` where it is open, or nobody knows. */
export type Closed = { opensAt: Date | undefined } | undefined;

/**
 * Whether a line is open, from `status-url`: public, cacheable, without a credential. It is asked when the element becomes
 * visible, and again when the line should have opened. What cannot be understood counts as open: the grant decides.
 */
export class LineStatus {
  readonly #element: ButtonElement;
  readonly #onChange: (closed: Closed) => void;
  readonly #visible: IntersectionObserver;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  constructor(element: ButtonElement, onChange: (closed: Closed) => void) {
    this.#element = element;
    this.#onChange = onChange;
    this.#visible = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#ask();
    });
    this.#visible.observe(element);
  }

  /** Asks again as soon as the element is visible: what is asked for has changed. */
  refresh(): void {
    this.#asked?.abort();
    this.#visible.unobserve(this.#element);
    this.#visible.observe(this.#element);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#visible.disconnect();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    // Once: what follows is by the clock.
    this.#visible.unobserve(this.#element);
    const asked = (this.#asked = new AbortController());
    const closed = await this.#fetch(asked.signal);
    if (asked.signal.aborted) return;
    this.#onChange(closed);
    if (!closed) return;
    const wait = closed.opensAt ? closed.opensAt.getTime() - Date.now() : LONGEST;
    this.#timer = setTimeout(() => this.refresh(), Math.min(Math.max(wait, 1000), LONGEST));
  }

  async #fetch(signal: AbortSignal): Promise<Closed> {
    const { statusUrl, line } = this.#element;
    if (!statusUrl) return undefined;
    try {
      const url = new URL(statusUrl, document.baseURI);
      if (line) url.searchParams.set('line', line);
      const limit = AbortSignal.any ? AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]) : signal;
      const answer = await fetch(url, { credentials: 'omit', headers: { Accept: 'application/json' }, signal: limit });
      const said: unknown = answer.ok ? await answer.json() : undefined;
      if (typeof said !== 'object' || !said || !('available' in said) || said.available !== false) return undefined;
      const opens = 'opens_at' in said && typeof said.opens_at === 'string' ? new Date(said.opens_at) : undefined;
      return { opensAt: opens && !Number.isNaN(opens.getTime()) ? opens : undefined };
    } catch {
      return undefined;
    }
  }
}
