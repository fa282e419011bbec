import { randomBytes } from 'node:crypto';
import { domainOf, type Grant } from '../grant.js';
import { answerChallenge, readChallenge } from './digest.js';
import { OFFER } from './offer.js';
import type { SipLink } from './sip-link.js';
import { composeSip, type SipMessage } from './sip-message.js';

type Header = readonly [name: string, value: string];

/** In milliseconds: what answers at all, answers by then. */
const ANSWER_LIMIT = 10_000;
/** How long a call that was cancelled may take to say so, in milliseconds. */
const CANCEL_LIMIT = 5000;
/** How long the end of a call may take to be confirmed, in milliseconds. */
const BYE_LIMIT = 3000;

/** How a call went that nobody talks in. */
export type CallEnd =
  | { kind: 'refused'; status: number }
  /** It rang, and was cancelled at once. */
  | { kind: 'rang' }
  /** It was answered, and hung up at once. */
  | { kind: 'answered' }
  /** Nothing final came, and it was cancelled. */
  | { kind: 'silent' };

/** A request under way: what its answer, CANCEL and ACK have in common with it. */
interface Sent {
  method: string;
  uri: string;
  branch: string;
  callId: string;
  cseq: number;
  from: string;
  to: string;
}

/** Whoever holds a grant, at the other end of a connection to the gateway. It sends no sound and hears none. */
export class Caller {
  readonly #link: SipLink;
  readonly #grant: Grant;
  readonly #contact: string;

  constructor(link: SipLink, grant: Grant) {
    this.#link = link;
    this.#grant = grant;
    this.#contact = `<sip:${randomBytes(4).toString('hex')}@${link.host};transport=ws>`;
  }

  /** @returns the status of the answer, or undefined where none came */
  async register(): Promise<number | undefined> {
    const uri = `sip:${domainOf(this.#grant.sipUri)}`;
    const register = async (expires: number): Promise<number | undefined> => {
      const { answer } = await this.#ask('REGISTER', uri, `<${this.#grant.sipUri}>`, [
        ['Contact', `${this.#contact};expires=${expires}`],
      ]);
      return answer?.status;
    };
    const status = await register(60);
    // Whoever looked must not be left standing there to be called.
    if (status === 200) await register(0);
    return status;
  }

  /**
   * Asks for somebody, and takes the question back as soon as it rings.
   * @param patience how long nothing may come of it, in milliseconds
   * @param until `answer`: it is let ring, and hung up when somebody takes it
   */
  async call(uri: string, patience: number, until: 'ringing' | 'answer' = 'ringing'): Promise<CallEnd> {
    const asked = await this.#ask(
      'INVITE',
      uri,
      `<${uri}>`,
      [
        ['Contact', this.#contact],
        ['Content-Type', 'application/sdp'],
      ],
      OFFER,
    );
    let { answer } = asked;
    const { sent } = asked;
    const end = performance.now() + patience;
    let [rang, cancelled] = [false, false];
    const cancel = (): void => {
      cancelled = true;
      this.#cancel(sent);
    };
    for (;;) {
      const status = answer?.status;
      if (status !== undefined && status >= 200) {
        this.#acknowledge(sent, answer!);
        if (status < 300) {
          await this.#hangUp(sent, answer!);
          return { kind: 'answered' };
        }
        if (cancelled) return { kind: rang ? 'rang' : 'silent' };
        return { kind: 'refused', status };
      }
      // Nothing has come, not even a 100: then there is nothing to be cancelled (RFC 3261 section 9.1).
      if (status === undefined || !this.#link.isOpen) return { kind: rang ? 'rang' : 'silent' };
      rang ||= status > 100;
      if (rang && until === 'ringing' && !cancelled) cancel();
      const left = cancelled ? CANCEL_LIMIT : end - performance.now();
      answer = await this.#answerTo(sent, left);
      if (!answer && !cancelled) {
        cancel();
        answer = await this.#answerTo(sent, CANCEL_LIMIT);
      }
    }
  }

  /** Sends a request and, where it is challenged, once more; resolves with the first answer. */
  async #ask(
    method: string,
    uri: string,
    to: string,
    headers: readonly Header[],
    body = '',
  ): Promise<{ sent: Sent; answer: SipMessage | undefined }> {
    const { credential } = this.#grant;
    const first = this.#newRequest(method, uri, to);
    const bearer: Header[] = credential.kind === 'bearer' ? [['Authorization', `Bearer ${credential.token}`]] : [];
    this.#send(first, [...headers, ...bearer], body);
    const answer = await this.#answerTo(first, ANSWER_LIMIT);
    if (credential.kind === 'bearer' || (answer?.status !== 401 && answer?.status !== 407)) {
      return { sent: first, answer };
    }
    const [asks, proves] =
      answer.status === 401 ? ['WWW-Authenticate', 'Authorization'] : ['Proxy-Authenticate', 'Proxy-Authorization'];
    const challenge = answer.all(asks).map(readChallenge).find(Boolean);
    if (!challenge) return { sent: first, answer };
    if (method === 'INVITE') this.#acknowledge(first, answer);
    const second = { ...first, cseq: first.cseq + 1, branch: newBranch() };
    this.#send(second, [...headers, [proves, answerChallenge(challenge, { ...credential, method, uri })]], body);
    return { sent: second, answer: await this.#answerTo(second, ANSWER_LIMIT) };
  }

  async #answerTo({ callId, cseq, method }: Sent, limit: number): Promise<SipMessage | undefined> {
    return await this.#link.response(callId, `${cseq} ${method}`, limit);
  }

  #newRequest(method: string, uri: string, to: string): Sent {
    return {
      method,
      uri,
      to,
      branch: newBranch(),
      callId: randomBytes(10).toString('hex'),
      cseq: 1,
      from: `<${this.#grant.sipUri}>;tag=${randomBytes(5).toString('hex')}`,
    };
  }

  #send(sent: Sent, headers: readonly Header[], body = ''): void {
    const { method, uri, branch, callId, cseq, from, to } = sent;
    const common: Header[] = [
      ['Via', `SIP/2.0/${this.#link.transport} ${this.#link.host};branch=${branch}`],
      ['Max-Forwards', '70'],
      ['From', from],
      ['To', to],
      ['Call-ID', callId],
      ['CSeq', `${cseq} ${method}`],
    ];
    this.#link.send(composeSip({ method, uri, headers: [...common, ...headers], body }));
  }

  /** RFC 3261 section 9.1: the request once more, with another method. */
  #cancel(sent: Sent): void {
    this.#send({ ...sent, method: 'CANCEL' }, []);
  }

  /** RFC 3261 sections 17.1.1.3 and 13.2.2.4. */
  #acknowledge(sent: Sent, answer: SipMessage): void {
    const refused = (answer.status ?? 0) >= 300;
    const within = refused ? { ...sent, to: answer.all('To')[0] ?? sent.to } : inDialog(sent, answer);
    this.#send({ ...within, method: 'ACK' }, refused ? [] : routesOf(answer));
  }

  async #hangUp(sent: Sent, answer: SipMessage): Promise<void> {
    const bye = { ...inDialog(sent, answer), method: 'BYE', cseq: sent.cseq + 1 };
    this.#send(bye, routesOf(answer));
    await this.#answerTo(bye, BYE_LIMIT);
  }
}

/** A request in the dialog that an answer has made (RFC 3261 section 12.2.1.1). */
function inDialog(sent: Sent, answer: SipMessage): Sent {
  const uri = /<([^>]+)>/.exec(answer.all('Contact')[0] ?? '')?.[1] ?? sent.uri;
  return { ...sent, uri, to: answer.all('To')[0] ?? sent.to, branch: newBranch() };
}

function routesOf(answer: SipMessage): Header[] {
  return answer
    .all('Record-Route')
    .reverse()
    .map((route): Header => ['Route', route]);
}

/** RFC 3261 section 8.1.1.7. */
function newBranch(): string {
  return `z9hG4bK${randomBytes(8).toString('hex')}`;
}
