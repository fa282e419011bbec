import type { Connection } from './connection.js';

/** A browser that can be called. */
export interface Binding {
  aor: string;
  /** Names the device (RFC 5626 section 4.1), so that a reconnected browser replaces itself; else its Contact. */
  instance: string;
  /** The browser's own Contact URI. */
  contact: string;
  connection: Connection;
}

interface Entry {
  binding: Binding;
  timer: NodeJS.Timeout;
}

/** How many browsers may be registered for one address. */
const PER_ADDRESS = 16;

/** Which browsers are registered for an address of record (RFC 3261 section 10), each as long as its connection lives. */
export class Registrar {
  readonly #bindings = new Map<string, Map<string, Entry>>();

  /**
   * Adds a browser, or renews it.
   * @param expires In seconds.
   * @returns false when too many are registered for this address.
   */
  bind(binding: Binding, expires: number): boolean {
    const { aor, instance } = binding;
    const entries = this.#bindings.get(aor) ?? new Map<string, Entry>();
    const old = entries.get(instance);
    if (!old && entries.size >= PER_ADDRESS) return false;
    clearTimeout(old?.timer);
    const timer = setTimeout(() => this.unbind(aor, instance), expires * 1000);
    entries.set(instance, { binding, timer });
    this.#bindings.set(aor, entries);
    return true;
  }

  unbind(aor: string, instance: string): void {
    const entries = this.#bindings.get(aor);
    clearTimeout(entries?.get(instance)?.timer);
    entries?.delete(instance);
    if (entries?.size === 0) this.#bindings.delete(aor);
  }

  /** Who is registered for an address now. */
  find(aor: string): Binding[] {
    return [...(this.#bindings.get(aor)?.values() ?? [])].map(({ binding }) => binding);
  }

  /** Removes what was registered over a connection: all of it, or one address only. */
  removeConnection(connection: Connection, onlyAor?: string): void {
    for (const { binding } of [...this.#bindings.values()].flatMap((entries) => [...entries.values()])) {
      if (binding.connection !== connection || (onlyAor !== undefined && binding.aor !== onlyAor)) continue;
      this.unbind(binding.aor, binding.instance);
    }
  }

  stop(): void {
    for (const [aor, entries] of this.#bindings) {
      for (const instance of [...entries.keys()]) this.unbind(aor, instance);
    }
  }
}
