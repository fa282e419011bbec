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

/** Who can mend what went wrong: whoever calls, whoever runs page, endpoint and gateway, or the network between them. */
export type Responsible = 'caller' | 'owner' | 'network';

/** Which part of the way to a call it was: `page` is what the page or the browser cannot do, `loading` a lazy file. */
export type Step = 'page' | 'loading' | 'token' | 'microphone' | 'connection' | 'registration' | 'call' | 'media';

/** What was tried before it was given up. Counts only: never an address. */
export interface Tried {
  readonly step: Step;
  /** How often this step was tried: requests, INVITEs, re-INVITEs. */
  readonly attempts: number;
  /** How many addresses of gateways were tried, where the connection was at fault. */
  readonly gateways?: number;
}

/** Who can mend it, and at what step it goes wrong, unless whoever throws it knows better. */
const FACTS: Readonly<Record<ErrorCode, readonly [Responsible, Step]>> = {
  'token-denied': ['owner', 'token'],
  'token-unreachable': ['network', 'token'],
  'token-malformed': ['owner', 'token'],
  'line-closed': ['owner', 'token'],
  'rate-limited': ['caller', 'token'],
  'challenge-required': ['caller', 'token'],
  'mic-dismissed': ['caller', 'microphone'],
  'mic-denied': ['caller', 'microphone'],
  'mic-blocked': ['caller', 'microphone'],
  'mic-missing': ['caller', 'microphone'],
  'mic-busy': ['caller', 'microphone'],
  'audio-blocked': ['caller', 'media'],
  'insecure-context': ['owner', 'page'],
  unsupported: ['caller', 'page'],
  offline: ['network', 'connection'],
  'gateway-unreachable': ['network', 'connection'],
  'registration-rejected': ['owner', 'registration'],
  'call-refused': ['owner', 'call'],
  busy: ['owner', 'call'],
  'no-answer': ['owner', 'call'],
  declined: ['owner', 'call'],
  'not-found': ['owner', 'call'],
  'time-limit': ['owner', 'call'],
  'server-error': ['owner', 'call'],
  'media-failed': ['network', 'media'],
  'connection-lost': ['network', 'call'],
  'busy-elsewhere': ['caller', 'page'],
  'engine-load-failed': ['network', 'loading'],
};

/** Who can mend an error of which only the code is known, as in an event of the element. */
export const responsibleFor = (code: ErrorCode): Responsible => FACTS[code][0];

/** What may accompany a code. None of it ever carries text from the network, a credential or an address. */
export interface ErrorDetail {
  /** Seconds after which trying again makes sense, as the server said. */
  retryAfter?: number | undefined;
  /** The field of a malformed grant that is at fault. */
  field?: string | undefined;
  /** When a closed line opens again. */
  opensAt?: Date | undefined;
  /** The SIP status code behind the error (RFC 3261 section 21). */
  status?: number | undefined;
  /** Where it is not who the code says. */
  responsible?: Responsible | undefined;
  /** What is not as the code says: another step, more than one attempt. */
  tried?: Partial<Tried> | undefined;
  /** Random id of the call or the connection that failed. */
  correlationId?: string | undefined;
}

/** The one error class of this package. Compare `code`; `message` is for developers, in English, and free of secrets. */
export class SautikitError extends Error {
  override readonly name = 'SautikitError';
  readonly code: ErrorCode;
  /** Who can mend it. */
  readonly responsible: Responsible;
  /** What was tried. */
  readonly tried: Tried;
  /**
   * Random id of the call, or of the `connect()`, that failed: the `correlation_id` of its token request, the Call-ID of its
   * INVITE, and so the `call_id` of the hook and in the gateway's log. `undefined` where nothing was asked of any server.
   */
  readonly correlationId: string | undefined;
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
    const [responsible, step] = FACTS[code];
    this.code = code;
    this.responsible = detail.responsible ?? responsible;
    this.tried = { step, attempts: 1, ...detail.tried };
    this.correlationId = detail.correlationId;
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

/**
 * The error as one call, or one `connect()`, met it: with what the part that threw it did not know. A copy, since two calls
 * may wait for the same answer.
 */
export function inContext(error: SautikitError, { tried, ...more }: Pick<ErrorDetail, 'correlationId' | 'tried'>) {
  const told = new SautikitError(error.code, { ...error, ...more, tried: { ...error.tried, ...tried } });
  if (error.stack) told.stack = error.stack;
  return told;
}
