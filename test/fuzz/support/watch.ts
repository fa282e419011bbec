import { CANARY } from './hostile.js';

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

  constructor() {
    const listen = <Name extends keyof WindowEventMap>(name: Name, hear: (event: WindowEventMap[Name]) => void) => {
      addEventListener(name, hear);
      this.#stops.push(() => removeEventListener(name, hear));
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
    if (thrown !== undefined) throw new Error(`thrown into the page: ${thrown}`);
    if (CANARY in globalThis) throw new Error('a script of the far side was run');
    const told = secrets.find((secret) => texts.some((text) => text.includes(secret)));
    if (told !== undefined) throw new Error(`${told} was shown: ${texts.find((text) => text.includes(told))}`);
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }
}
