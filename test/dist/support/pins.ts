export interface Pin {
  name: string;
  integrity: string;
}

/** What a built file asks for, and with what hash: each name is followed by it. */
export const pinsIn = (code: string): Pin[] =>
  [...code.matchAll(/["'`]\.\/([\w.-]+\.js)["'`],\s*["'`](sha256-[\w+/=]+)["'`]/g)].map(([, name, integrity]) => ({
    name: name!,
    integrity: integrity!,
  }));
