/** A text in a nested value, with the names of the fields that lead to it. */
export interface Found {
  path: string;
  text: string;
}

/** Names of fields that a page has no need to know. */
const TELLING_NAME =
  /callee|caller|number|phone|msisdn|e164|destination|target|email|^e?mail$|api_?key|secret|refresh_?token|^to$|^line$/i;

/** Every text in a value, however deep. */
export function textsIn(value: unknown, path = ''): Found[] {
  if (typeof value === 'string') return [{ path, text: value }];
  // A number can be a telephone number as well.
  if (typeof value === 'number') return [{ path, text: String(value) }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, path === '' ? name : `${path}.${name}`));
}

/** Why a field tells what only the server should know, without repeating it; undefined for an opaque one. */
export function tells({ path, text }: Found, line: string | undefined): string | undefined {
  const name = path.split('.').find((part) => TELLING_NAME.test(part));
  if (name !== undefined) return `"${path}" is a field that only the server should know`;
  const kind = kindOf(text, line);
  return kind && `"${path}" holds ${kind}`;
}

function kindOf(text: string, line: string | undefined): string | undefined {
  if (/\b(?:sips?|tel):/i.test(text)) return 'a SIP or telephone address';
  if (/[^\s@/]+@[^\s@/]+\.[^\s@/]+/.test(text)) return 'an e-mail address';
  if (isNumber(text)) return 'what looks like a telephone number';
  if (line !== undefined && text.toLowerCase() === line.toLowerCase()) return 'the name of the line';
  return undefined;
}

/** Whether a text is written like a telephone number. */
export function isNumber(text: string): boolean {
  if (/\+\d[\d ().-]{5,18}\d/.test(text)) return true;
  const digits = text.replaceAll(/\D/g, '').length;
  return /^\(?\d[\d ().-]*$/.test(text) && digits >= 7 && digits <= 15;
}
