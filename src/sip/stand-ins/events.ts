type Listener = (...args: unknown[]) => void;

/**
 * What JsSIP gets instead of the package `events`: the part of Node's EventEmitter that it uses, with the same order of
 * calls. One listener that throws does not keep the next from hearing.
 */
export class EventEmitter {
  readonly #listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...this.listeners(event), listener]);
    return this;
  }

  once(event: string, listener: Listener): this {
    const once: Listener = (...args) => {
      this.removeListener(event, once);
      listener.apply(this, args);
    };
    return this.on(event, once);
  }

  removeListener(event: string, listener: Listener): this {
    this.#listeners.set(
      event,
      this.listeners(event).filter((other) => other !== listener),
    );
    return this;
  }

  listeners(event: string): Listener[] {
    return this.#listeners.get(event) ?? [];
  }

  emit(event: string, ...args: unknown[]): boolean {
    const listeners = this.listeners(event);
    for (const listener of listeners) {
      try {
        listener.apply(this, args);
      } catch (error) {
        reportError(error);
      }
    }
    return listeners.length > 0;
  }

  addListener = this.on;
  off = this.removeListener;
  setMaxListeners(): this {
    return this;
  }
}

export default { EventEmitter };
