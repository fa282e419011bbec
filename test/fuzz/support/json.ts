import fc, { type Arbitrary } from 'fast-check';
import { NUMBERS, TEXTS, URIS } from './hostile.js';

/** Anything that JSON can say, most of it nothing that anybody expects. */
export const anyJson: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...TEXTS, ...URIS, ...NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 0.001, 1e-300, 1e308, 2 ** 31, 2 ** 53) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.nat(5).map((length) => 'x'.repeat(10 ** length)) },
  { weight: 1, arbitrary: fc.nat(3).map((length) => Array.from({ length: 10 ** length }, () => 'x')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>([], {}, [[]], [{}], { __proto__: null }, { then: 1 }, { length: -1 }),
  },
);

/**
 * An object that was right before some of its fields were left out, or say something else.
 * @param fields for each field what may rightly stand there
 */
export function almost(fields: Readonly<Record<string, readonly unknown[]>>): Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields).map(([name, right]): [string, Arbitrary<unknown>] => [
    name,
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...right) },
      { weight: 2, arbitrary: anyJson },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  ]);
  const right = fc.record(Object.fromEntries(entries));
  const more = fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'then', 'toJSON', 'error', ''), anyJson, {
    maxKeys: 2,
  });
  return fc.tuple(right, fc.option(more, { freq: 9, nil: {} })).map(([object, others]) => {
    // As JSON makes it: `__proto__` as a field like any other.
    for (const [name, value] of Object.entries(others)) {
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    }
    return object;
  });
}

/** What becomes of a text on a bad way: cut off, with something put in, said twice, or replaced altogether. */
export const damaged = (text: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.nat(text.length).map((end) => text.slice(0, end)) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.nat(text.length), fc.constantFrom(...TEXTS, ...NUMBERS))
        .map(([at, put]) => text.slice(0, at) + put + text.slice(at)),
    },
    { weight: 1, arbitrary: fc.constant(text + text) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        'null',
        '[]',
        '"',
        '<!doctype html><title>Log in</title>',
        '['.repeat(50_000),
        '{"a":'.repeat(10_000),
        `{"token":"${'a'.repeat(70_000)}"}`,
        '\ufeff{}',
      ),
    },
  );
