/** What of `package.json` tells who may import what. */
export interface PackageManifest {
  name: string;
  version: string;
  bin: Record<string, string>;
  dependencies: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  sideEffects: string[];
  customElements: string;
  'web-types': string;
}

export interface Entries {
  /** What runs, or is read. */
  files: string[];
  /** What describes it to TypeScript. */
  types: string[];
}

/** Every file that the package offers by name; patterns, such as that of a whole folder, are not among them. */
export function entriesOf({ bin, exports, customElements, ...rest }: PackageManifest): Entries {
  const offered = Object.values(exports);
  const files = [
    ...Object.values(bin),
    ...offered.map((one) => (typeof one === 'string' ? one : one.default)),
    customElements,
    rest['web-types'],
  ];
  return {
    files: files.filter((file) => !file.includes('*')),
    types: offered.flatMap((one) => (typeof one === 'string' ? [] : [one.types])),
  };
}
