/**
 * Everything that can go wrong, as one closed list. Each code has a way forward for the caller (see the README's table).
 */
export type ErrorCode =
  | 'token-denied'
  | 'token-unreachable'
  | 'token-malformed'
  | 'line-closed'
  | 'rate-limited'
  | 'challenge-required'
  | 'mic-dismissed'
  | 'mic-denied'
  | 'mic-blocked'
  | 'mic-missing'
  | 'mic-busy'
  | 'audio-blocked'
  | 'insecure-context'
  | 'unsupported'
  | 'offline'
  | 'gateway-unreachable'
  | 'registration-rejected'
  | 'call-refused'
  | 'busy'
  | 'no-answer'
  | 'declined'
  | 'not-found'
  | 'time-limit'
  | 'server-error'
  | 'media-failed'
  | 'connection-lost'
  | 'busy-elsewhere'
  | 'engine-load-failed';

/** What may accompany a code. None of it ever carries text from the network, a credential or an address. */
export interface ErrorDetail {
  /** Seconds after which trying again makes sense, as the server said. */
  retryAfter?: number;
  /** The field of a malformed grant that is at fault. */
  field?: string;
  /** When a closed line opens again. */
  opensAt?: Date;
  /** The SIP status code behind the error (RFC 3261 section 21). */
  status?: number;
}

/** The one error class of this package. Compare `code`; `message` is for developers, in English, and free of secrets. */
export class SautikitError extends Error {
  override readonly name = 'SautikitError';
  readonly code: ErrorCode;
  readonly retryAfter: number | undefined;
  readonly field: string | undefined;
  readonly opensAt: Date | undefined;
  readonly status: number | undefined;

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(
      code +
        (detail.field ? ` (field "${detail.field}")` : '') +
        (detail.status ? ` (SIP ${detail.status})` : '') +
        (detail.retryAfter ? `, try again in ${detail.retryAfter} s` : ''),
    );
    this.code = code;
    this.retryAfter = detail.retryAfter;
    this.field = detail.field;
    this.opensAt = detail.opensAt;
    this.status = detail.status;
  }
}

/** Whether it is one of ours; by name, since each file of the script-tag build stands alone and has a class of its own. */
export const isSautikitError = (error: unknown): error is SautikitError =>
  error instanceof Error && error.name === 'SautikitError';

/** Whatever was thrown, as a typed error: a foreign error becomes `fallback` and its text is dropped. */
export const asSautikitError = (error: unknown, fallback: ErrorCode = 'server-error'): SautikitError =>
  isSautikitError(error) ? error : new SautikitError(fallback);
