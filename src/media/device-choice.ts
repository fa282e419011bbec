type Kind = 'microphone' | 'speaker';

const KINDS: readonly Kind[] = ['microphone', 'speaker'];
const KEY = 'sautikit-devices';

/**
 * The devices that the caller chose, one choice for the whole page. It lives in memory; only with `remember`, and only
 * after the caller chose, the ids (nothing else) are kept in `localStorage` under `sautikit-devices`. Storage that is
 * full, forbidden or nonsense changes nothing.
 */
export class DeviceChoice {
  /** A device id; `undefined` is the system's choice. */
  microphone: string | undefined;
  speaker: string | undefined;
  readonly #chosen = new Set<Kind>();
  #loaded = false;

  /**
   * Takes what an earlier visit has left, unless the caller has chosen meanwhile. Reads storage once.
   * @param remember without it, storage is not touched
   */
  load(remember: boolean): void {
    if (!remember || this.#loaded) return;
    this.#loaded = true;
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<Kind, unknown>> | null;
      for (const kind of KINDS) {
        const id = kept?.[kind];
        if (typeof id === 'string' && !this.#chosen.has(kind)) this[kind] = id;
      }
    } catch {
      // The system's choice will do.
    }
  }

  /** The caller chose. @param id `undefined` for the system's choice */
  choose(kind: Kind, id: string | undefined, remember: boolean): void {
    this.load(remember);
    this.#chosen.add(kind);
    this[kind] = id;
    if (!remember) return;
    const { microphone, speaker } = this;
    try {
      if (microphone === undefined && speaker === undefined) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, JSON.stringify({ microphone, speaker }));
    } catch {
      // It holds for this page.
    }
  }
}

/** The page's one choice. */
export const deviceChoice = new DeviceChoice();
