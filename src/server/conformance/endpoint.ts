import { solveChallenge } from './challenge.js';

export interface ConformanceOptions {
  /** The endpoint: what a page has as `token-url`. */
  url: string;
  /** How pages ask. `GET` is for backends that know nothing else, and leaves what needs a body unjudged. Default: POST. */
  method?: 'GET' | 'POST';
  /** Origin of a page that may call. Default: the endpoint's own. */
  origin?: string;
  /** Origin of a page that may not. Default: `https://foreign.example`. */
  foreignOrigin?: string;
  /** A line that exists and is open. Default: none is named. */
  line?: string;
  /** A line that does not exist. Default: `no-such-line`. */
  unknownLine?: string;
  /** A line that is closed now; without one, what a closed line answers is not judged. */
  closedLine?: string;
  /** How many requests at most are sent to meet the limit; 0 leaves limits unjudged. Default: 200. */
  limitRequests?: number;
  /** Seconds to wait in all where a limit stands in the way of another check. Default: 120. */
  patience?: number;
  /** How requests are sent. Default: the `fetch` of the platform, which must let Origin be set, as Node's does. */
  fetch?: (request: Request) => Promise<Response>;
  /** How time is waited for, in milliseconds. */
  wait?: (duration: number) => Promise<void>;
}

/** What is sent. */
export interface Question {
  /** Default: as pages ask. */
  method?: string;
  /** Of the page that asks; null sends none. Default: the allowed one. */
  origin?: string | null;
  headers?: Record<string, string>;
  /** A value is sent as JSON, a string as it is. */
  body?: unknown;
  /** Added to the address. */
  query?: Record<string, string>;
}

/** What came back. */
export interface Answer {
  /** What was asked, in some words. */
  asked: string;
  method: string;
  /** The origin that the request named. */
  origin: string | null;
  /** HTTP status; 0 where nothing came. */
  status: number;
  headers: Headers;
  text: string;
  /** The body, where it is a JSON object. */
  json: Record<string, unknown> | undefined;
  /** When it came, by the server's clock where that is known, in seconds since 1970. */
  time: number;
  /** Why nothing came. */
  failure?: string;
}

/** In milliseconds. */
const TIME_LIMIT = 10_000;
/** In bytes; a grant has a few hundred. */
const BODY_LIMIT = 65_536;

/** The endpoint under judgement. It remembers what was answered, since some rules hold for every answer. */
export class Endpoint {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly origin: string;
  readonly foreignOrigin: string;
  readonly line: string | undefined;
  readonly answers: Answer[] = [];
  readonly #send: (request: Request) => Promise<Response>;
  readonly #wait: (duration: number) => Promise<void>;
  #patience: number;

  constructor(options: ConformanceOptions) {
    this.url = new URL(options.url);
    this.method = options.method ?? 'POST';
    this.origin = options.origin ?? this.url.origin;
    this.foreignOrigin = options.foreignOrigin ?? 'https://foreign.example';
    this.line = options.line;
    this.#patience = options.patience ?? 120;
    this.#send = options.fetch ?? ((request) => fetch(request));
    this.#wait = options.wait ?? ((duration) => new Promise((resolve) => setTimeout(resolve, duration)));
  }

  /** Whether the page and the endpoint are of one origin, where CORS has no part. */
  get sameOrigin(): boolean {
    return this.origin === this.url.origin;
  }

  /** The body that asks for a grant of the line. */
  get wish(): Record<string, unknown> {
    return this.line === undefined ? {} : { line: this.line };
  }

  /** Sends one request and takes what comes; never rejects. */
  async send(asked: string, question: Question): Promise<Answer> {
    const answer = await this.#exchange(asked, question).catch((error: unknown) => nothing(asked, question, error));
    this.answers.push(answer);
    return answer;
  }

  /** Sends what a page would send; where a limit stands in the way it waits, or solves what it is asked, as a page would. */
  async ask(asked: string, question: Question): Promise<Answer> {
    const answer = await this.send(asked, question);
    const pause = limitPause(answer);
    if (pause !== undefined && pause <= this.#patience) {
      this.#patience -= pause;
      await this.#wait(pause * 1000);
      return await this.ask(asked, question);
    }
    const { body } = question;
    if (
      !isChallenge(answer) ||
      this.method === 'GET' ||
      typeof body !== 'object' ||
      body === null ||
      'challenge' in body
    )
      return answer;
    const challenge = await solveChallenge(answer.json?.challenge);
    return challenge ? await this.ask(asked, { ...question, body: { ...body, challenge } }) : answer;
  }

  /** Asks for a grant of the line, as a page that may call. */
  async grant(more: Record<string, unknown> = {}): Promise<Answer> {
    return await this.ask('a grant', { body: { ...this.wish, ...more } });
  }

  async #exchange(asked: string, question: Question): Promise<Answer> {
    const { method = this.method, origin = this.origin, query = {} } = question;
    const { body, line } = method === 'GET' ? inQuery(question.body) : { body: question.body };
    const url = new URL(this.url);
    for (const [name, value] of Object.entries({ ...query, ...line })) url.searchParams.set(name, value);
    const headers = new Headers({ Accept: 'application/json', ...question.headers });
    if (origin !== null) headers.set('Origin', origin);
    if (body !== undefined) headers.set('Content-Type', 'application/json');
    const request = new Request(url, {
      method,
      headers,
      // Where a framework leads to a log-in page is of no interest; that it does is.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIME_LIMIT),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await this.#send(request);
    const text = await readText(response);
    const date = Date.parse(response.headers.get('Date') ?? '');
    return {
      asked,
      method,
      origin,
      status: response.status,
      headers: response.headers,
      text,
      json: parseObject(text),
      time: (Number.isNaN(date) ? Date.now() : date) / 1000,
    };
  }
}

/** Whether an answer gives a grant, or at least a credential. */
export function isGranted({ json }: Answer): boolean {
  return json !== undefined && (json.token != null || json.password != null);
}

/** Whether an answer is the refusal of a limit, in either of its two forms. */
export function isLimited(answer: Answer): boolean {
  return answer.status === 429 || isChallenge(answer);
}

export function isChallenge({ status, json }: Answer): boolean {
  return status === 403 && json?.error === 'challenge-required';
}

/** The status and code of an answer, for the report. */
export function describe(answer: Answer): string {
  const { asked, status, json, failure } = answer;
  if (failure !== undefined) return `${asked}: ${failure}`;
  const code = typeof json?.error === 'string' ? ` ${JSON.stringify(json.error.slice(0, 40))}` : '';
  const pause = limitPause(answer);
  return `${asked}: ${status}${code}${pause === undefined ? '' : `, to be asked again in ${pause} s`}`;
}

/** In seconds. */
function limitPause({ status, json, headers }: Answer): number | undefined {
  if (status !== 429) return undefined;
  const pause = Number(json?.retry_after ?? headers.get('Retry-After') ?? Number.NaN);
  return pause > 0 ? pause : undefined;
}

function nothing(asked: string, { method = '', origin = null }: Question, error: unknown): Answer {
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const failure = timedOut ? `no answer within ${TIME_LIMIT / 1000} s` : 'no answer';
  return {
    asked,
    method,
    origin,
    status: 0,
    headers: new Headers(),
    text: '',
    json: undefined,
    time: Date.now() / 1000,
    failure,
  };
}

/** A GET has no body: what it wishes stands in the address. */
function inQuery(wish: unknown): { body: undefined; line: { line?: string } } {
  const { line } = (wish ?? {}) as { line?: unknown };
  return { body: undefined, line: typeof line === 'string' ? { line } : {} };
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; reader && size <= BODY_LIMIT;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
