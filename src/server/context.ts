import { hasControlCharacter, type Line } from './line.js';

/** The longest value of an attribution field that is kept, in characters. */
const VALUE_LIMIT = 256;

/**
 * Keeps of a page's `context` what the configuration allows: named fields with short, plain texts. The rest is dropped
 * without an error, because attribution must never cost a call.
 */
export function allowedContext(value: unknown, allowed: readonly string[]): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const kept: Record<string, string> = {};
  for (const name of allowed) {
    if (!Object.hasOwn(value, name)) continue;
    const text: unknown = (value as Record<string, unknown>)[name];
    if (typeof text === 'string' && text.length <= VALUE_LIMIT && !hasControlCharacter(text)) kept[name] = text;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}

/** The names of the fields that are kept: those that are allowed for all lines, and those that this line sends on. */
export function fieldsOf(allowed: readonly string[], line: Line | undefined): string[] {
  return [...allowed, ...Object.keys(line?.contextHeaders ?? {})];
}
