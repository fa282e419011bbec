import { parseDictionary, Token, type InnerList, type Item } from 'structured-headers';
import { fail, ok, warn, type Finding } from '../finding.js';

/** What lets the page itself ask for the microphone. */
const ADVICE = 'Send "Permissions-Policy: microphone=(self)" with the page, or leave microphone out of the header.';

/** Judges `Permissions-Policy`, and the header that it had before. */
export function checkMicrophone(headers: Headers, page: URL): Finding {
  const header = headers.get('Permissions-Policy');
  if (header !== null) {
    const allowed = allows(header, page.origin);
    if (allowed === undefined) {
      const what = 'The browser takes no notice of it: write it as a structured header, such as "microphone=(self)".';
      return warn('microphone', `a Permissions-Policy that cannot be read: ${header.slice(0, 80)}`, what);
    }
    if (!allowed) return fail('microphone', `Permissions-Policy: ${header.slice(0, 120)}`, ADVICE);
  }
  const older = headers.get('Feature-Policy');
  if (header === null && older !== null && /(?:^|[;,])\s*microphone\s+'none'/i.test(older)) {
    return fail('microphone', `Feature-Policy: ${older.slice(0, 120)}`, ADVICE);
  }
  return ok('microphone', 'no policy is in the way; a page in a frame needs allow="microphone" on the frame, too');
}

/** @returns undefined where the header cannot be read */
function allows(header: string, origin: string): boolean | undefined {
  let member: Item | InnerList | undefined;
  try {
    member = parseDictionary(header).get('microphone');
  } catch {
    return undefined;
  }
  if (!member) return true;
  const [value] = member;
  const names = Array.isArray(value) ? value.map(([inner]) => inner) : [value];
  return names.some((name) => (name instanceof Token ? ['*', 'self'].includes(name.toString()) : name === origin));
}
