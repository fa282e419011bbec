/** Says one thing that happened. What is said is redacted before it is printed. */
export type Log = (message: string) => void;

/**
 * Three dot-separated base64url runs: a JWT (RFC 7519), wherever it stands. It is looked for at the beginning of a run only,
 * since to look at every letter of a long one takes the square of its length.
 */
const JWT = /(?<![\w-])[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;
/** An `Authorization`, `Proxy-Authorization` or challenge header of any scheme, to the end of its line. */
const CREDENTIALS =
  /((?:proxy-)?authori[sz]ation|www-authenticate|proxy-authenticate|bearer|password|digest)\b[^\r\n]*/gi;
/** A SIP, SIPS or TEL address. */
const ADDRESS = /\b(?:sips?|tel):[^\s"'<>,]+/gi;
/** A run of digits long enough to be a telephone number; or a random id (RFC 9562), which has such runs and is none. */
const NUMBER = /\b([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\b|\+?\d[\d\s().-]{5,}\d/g;

/** Takes out of a text what nobody may read in a log: tokens, credentials, SIP addresses, telephone numbers. */
export function redact(text: string): string {
  return text
    .replace(CREDENTIALS, '$1 [redacted]')
    .replace(JWT, '[token]')
    .replace(ADDRESS, '[address]')
    .replace(NUMBER, (_, id?: string) => id ?? '[number]');
}

/** A log that prints, with `enabled()`, one redacted line a message under one prefix, and nothing otherwise. */
export function createLog(enabled: () => boolean): Log {
  return (message) => {
    // The console is the purpose of this one function; everything else in `src` speaks through it.
    // eslint-disable-next-line no-console
    if (enabled()) console.debug(`sautikit: ${redact(message)}`);
  };
}

/** For those who pass no log. */
export const silent: Log = () => {};
