import { CANARY } from './hostile.js';

/** An error that says what it is about: of one, fast-check reports the stack, which in Firefox has no message. */
function finding(text: string): Error {
  const error = new Error(text);
  if (!error.stack?.includes(text)) error.stack = `Error: ${text}\n${error.stack}`;
  return error;
}

/** Watches over a page while it is lied to: what is thrown, what is run, what is shown, how long it takes. */
export class Watch {
  /** What reached the page and should not have. */
  readonly thrown: string[] = [];
  /** Everything that was written to the console. */
  readonly written: string[] = [];
  /** The slowest task of the page's (ms), and how many took more than 100 ms. */
  slowest = 0;
  slow = 0;
  readonly #stops: (() => void)[] = [];
  readonly #page: typeof globalThis;

  /** @param page another window than this one */
  constructor(page: Window & typeof globalThis = window) {
    this.#page = page;
    const { console } = page;
    const listen = <Name extends keyof WindowEventMap>(name: Name, hear: (event: WindowEventMap[Name]) => void) => {
      page.addEventListener(name, hear);
      this.#stops.push(() => page.removeEventListener(name, hear));
    };
    listen('error', ({ message }) => this.thrown.push(message));
    listen('unhandledrejection', ({ reason }) => this.thrown.push(String(reason)));
    for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
      const { [level]: original } = console;
      console[level] = (...args: unknown[]) => void this.written.push(args.map(String).join(' '));
      this.#stops.push(() => (console[level] = original));
    }
  }

  /** Runs something and counts how long it holds the page up. */
  timed<T>(run: () => T): T {
    const began = performance.now();
    try {
      return run();
    } finally {
      const took = performance.now() - began;
      this.slowest = Math.max(this.slowest, took);
      if (took > 100) this.slow++;
    }
  }

  /**
   * Fails where anything happened that must not, and forgets the rest.
   * @param secrets what may stand nowhere
   * @param shown everything that was told or drawn beside the console
   */
  check(secrets: readonly string[], shown: readonly string[] = []): void {
    const [thrown] = this.thrown.splice(0);
    const texts = [...this.written.splice(0), ...shown];
    if (thrown !== undefined) throw finding(`thrown into the page: ${thrown}`);
    if (CANARY in this.#page) throw finding('a script of the far side was run');
    const told = secrets.find((secret) => texts.some((text) => text.includes(secret)));
    if (told !== undefined) throw finding(`${told} was shown: ${texts.find((text) => text.includes(told))}`);
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }
}
