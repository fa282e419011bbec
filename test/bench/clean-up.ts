type Undo = () => Promise<void> | void;

/** What is to be undone at the end, the last first; after Ctrl-C, too. */
export class CleanUp {
  readonly #undo: Undo[] = [];

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void this.run().finally(() => process.exit(1)));
    }
  }

  add(undo: Undo): void {
    this.#undo.push(undo);
  }

  async run(): Promise<void> {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) await undo();
  }
}
