const setRealTimeout = globalThis.setTimeout.bind(globalThis);

/** A pause that no fake clock holds up. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setRealTimeout(resolve, milliseconds));

/** Long enough for everything that is under way in this page, and needs no network, to have happened. */
export const settled = (): Promise<void> => pause(60);

/** Waits until a look finds something, however fast or slow this machine is. */
export async function until<T>(look: () => T | undefined | false | null, what: () => string = () => `${look}`) {
  for (let tries = 0; tries < 800; tries++) {
    const found = look();
    if (found) return found;
    await pause(10);
  }
  throw new Error(`waited in vain for ${what()}`);
}
