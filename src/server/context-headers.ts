import type { Line } from './line.js';

/** The longest value of a header that a page's words go into, in characters. */
const VALUE_LIMIT = 128;

/**
 * The headers that carry a page's attribution to the desk. Whatever is not printable ASCII, and the percent sign, is
 * percent-encoded as UTF-8, so that `decodeURIComponent` gives the text back; what is too long is cut between two
 * characters.
 */
export function headersFromContext(
  names: Line['contextHeaders'] = {},
  context: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [field, name] of Object.entries(names)) {
    const value = Object.hasOwn(context, field) ? headerValue(context[field]!) : '';
    if (value !== '') headers[name] = value;
  }
  return headers;
}

function headerValue(text: string): string {
  let value = '';
  for (const character of text.replace(/\p{Cs}/gu, '\ufffd').trim()) {
    const written = /^[\x20-\x24\x26-\x7e]$/.test(character) ? character : encodeURIComponent(character);
    if (value.length + written.length > VALUE_LIMIT) break;
    value += written;
  }
  return value.trim();
}
