import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf, type SipMessage } from '../../../demo/stack/sip-message.js';
import { eventually, SipClient, webrtcOffer, type RequestOptions } from '../../stack/sip-client.js';
import { SUBJECT_HEADER } from './backend.js';
import { inspectBrowserSide, inspectFarSide } from './inspect.js';
import { grantOf, type Target } from './targets.js';

/** In milliseconds: how long something is waited for that need not come. */
const PATIENCE = 1500;

export interface Sent {
  callId: string;
  fromTag: string;
  branch: string;
  client: SipClient;
}

/** A call of the thief's own that was answered, and what a further request in it needs. */
export interface Talk extends Sent {
  token: string;
  answer: SipMessage;
  within: RequestOptions & { headers: string[] };
}

/** Somebody who holds everything that a page holds, and a connection to the gateway that says what he wants. */
export class Thief {
  readonly #since: number;
  readonly #rightful = new Set<string>();
  readonly #clients: SipClient[] = [];

  private constructor(
    readonly target: Target,
    /** His first connection. */
    readonly client: SipClient,
  ) {
    this.#since = target.far.received.length;
    this.#clients.push(client);
  }

  static async enter(target: Target): Promise<Thief> {
    return new Thief(target, await SipClient.open(target));
  }

  get far(): Target['far'] {
    return this.target.far;
  }

  get origin(): string {
    return new URL(this.target.addresses.page).origin;
  }

  /** One more connection. */
  async connect(headers: Record<string, string> = {}): Promise<SipClient> {
    const client = await SipClient.open(this.target, headers);
    this.#clients.push(client);
    return client;
  }

  /** A token as the page gets it. */
  async token(line = 'rings', { endpoint = 'sip', subject, renew }: TokenOptions = {}): Promise<string> {
    const url = this.target.addresses.token_url.replace('sip-token', `${endpoint}-token`);
    const headers = subject === undefined ? {} : { [SUBJECT_HEADER]: subject };
    const token = await grantOf(url, this.origin, headers, { line, ...(renew !== undefined && { renew }) });
    this.target.backend.tokens.add(token);
    return token;
  }

  /** An INVITE; what the options do not say is as a browser writes it. */
  invite(options: RequestOptions & { client?: SipClient } = {}): Sent {
    const { client = this.client, ...rest } = options;
    return { ...client.request('INVITE', { body: webrtcOffer(), ...rest }), client };
  }

  request(method: string, options: RequestOptions & { client?: SipClient } = {}): Sent {
    const { client = this.client, ...rest } = options;
    return { ...client.request(method, rest), client };
  }

  /** A call that may reach the far side, since the hook allows it; where to and from whom is checked all the same. */
  async rightful(sent: Sent): Promise<SipMessage> {
    this.#rightful.add(sent.callId);
    return await this.far.gets('INVITE', sent.callId);
  }

  async final(sent: Sent, method = 'INVITE', cseq = 1): Promise<SipMessage> {
    return await sent.client.final(sent.callId, `${cseq} ${method}`, 10_000);
  }

  /** The refusal that a request met, such as `403 Forbidden`; the attack worked if there is none. */
  async refused(sent: Sent, method = 'INVITE', cseq = 1): Promise<string> {
    const answer = await this.final(sent, method, cseq);
    assert.ok((answer.status ?? 0) >= 400, `it was let in: ${answer.start}`);
    // The far side's own refusal would look the same.
    const reached = this.#rightful.has(sent.callId) ? [] : this.far.requests('INVITE', sent.callId);
    assert.equal(reached.length, 0, 'the far side was called');
    return answer.start.replace('SIP/2.0 ', '');
  }

  /**
   * What a request met, where silence and a closed connection would do as well. Where the hook let a call through, this
   * is the call of the grant's own line; {@link verify} looks at what it became.
   */
  async held(sent: Sent, method = 'INVITE', patience = PATIENCE): Promise<string> {
    const isFinal = (message: SipMessage): boolean =>
      (message.status ?? 0) >= 200 &&
      headerOf(message, 'call-id') === sent.callId &&
      headerOf(message, 'cseq').endsWith(` ${method}`);
    const { socket } = sent.client;
    const known = this.#rightful.has(sent.callId);
    for (let waited = 0; waited < patience; waited += 20) {
      const answer = sent.client.messages.find(isFinal);
      if (!known && this.#letThrough(sent.callId)) return 'only the line of the grant was called, as its owner says';
      if (answer) assert.ok((answer.status ?? 0) >= 400, `it was let in: ${answer.start}`);
      if (answer) return answer.start.replace('SIP/2.0 ', '');
      if (socket.readyState !== socket.OPEN) return 'connection closed';
      await sleep(20);
    }
    return 'no answer';
  }

  /** What an INVITE met that is let through or refused, and never left without an answer. */
  async decided(sent: Sent): Promise<string> {
    const met = await this.held(sent, 'INVITE', 10_000);
    assert.notEqual(met, 'no answer');
    return met;
  }

  /** A call that is answered, by right. */
  async talk(line = 'answers', client = this.client): Promise<Talk> {
    const token = await this.token(line);
    const sent = this.invite({ token, client });
    await this.rightful(sent);
    const answer = await this.final(sent);
    assert.equal(answer.status, 200, answer.start);
    const routes = answer.headers.filter(({ name }) => name.toLowerCase() === 'record-route');
    const within = {
      uri: /<([^>]+)>/.exec(headerOf(answer, 'contact'))?.[1] ?? '',
      to: headerOf(answer, 'to'),
      callId: sent.callId,
      fromTag: sent.fromTag,
      headers: routes.map(({ value }) => `Route: ${value}`).reverse(),
    };
    client.request('ACK', { ...within, contact: '' });
    await this.far.gets('ACK', sent.callId);
    return { ...sent, token, answer, within };
  }

  async hangUp(talk: Talk, cseq = 90): Promise<void> {
    talk.client.request('BYE', { ...talk.within, cseq, contact: '' });
    assert.equal((await this.final(talk, 'BYE', cseq)).status, 200);
    await this.far.gets('BYE', talk.callId);
  }

  /**
   * The positive control: the same client calls by right and reaches the far side. After it the far side has everything
   * that was on its way, and what it did not get was held back. Where the gateway closes his connection, as it may after an
   * attack, he calls over a new one.
   */
  async control(client = this.client): Promise<void> {
    const open = client.socket.readyState === client.socket.OPEN ? client : await this.connect();
    const sent = this.invite({ token: await this.token('busy'), client: open });
    const isFinal = ({ status = 0, text }: SipMessage): boolean => status >= 200 && text.includes(sent.callId);
    const closed = (): boolean => open.socket.readyState === open.socket.CLOSED;
    const answer = await eventually(() => open.messages.find(isFinal) ?? (closed() || undefined), 10_000);
    if (answer === true) {
      assert.equal(open, this.client, 'a new connection is closed');
      await this.control(await this.connect());
      return;
    }
    assert.equal(answer.start, 'SIP/2.0 486 Busy Here', 'a rightful call does not come through');
    await this.rightful(sent);
  }

  /** What the far side got since the attack began. */
  get arrived(): SipMessage[] {
    return this.far.received.slice(this.#since);
  }

  /** Fails where anything got through that the hook did not let through, or leaked on its way. */
  async verify(): Promise<void> {
    await this.control();
    for (const message of this.arrived) {
      if (message.method === undefined || message.method === 'OPTIONS') continue;
      const callId = headerOf(message, 'call-id');
      const through = this.#rightful.has(callId) || this.#onlyCall(callId);
      assert.ok(through, `the attack reached the far side:\n${message.text}`);
    }
    inspectFarSide(this.target, this.arrived);
    for (const client of this.#clients) inspectBrowserSide(this.target, client);
  }

  /** Whether the hook let this call through, and no other one with the same token. */
  #onlyCall(callId: string): boolean {
    const { verdicts } = this.target.backend;
    const token = verdicts.find((verdict) => verdict.callId === callId && verdict.status === 200)?.token;
    const calls = verdicts.filter((verdict) => verdict.token === token && verdict.status === 200);
    return token !== undefined && new Set(calls.map((verdict) => verdict.callId)).size === 1;
  }

  /** Whether the hook let a call through and it reached the far side. */
  #letThrough(callId: string): boolean {
    const allowed = this.target.backend.verdicts.some((verdict) => verdict.callId === callId && verdict.status === 200);
    if (!allowed || this.far.requests('INVITE', callId).length === 0) return false;
    this.#rightful.add(callId);
    return true;
  }

  /** Leaves, and lets what is left of his calls end before the next attack. */
  async leave(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.far.ways.clear();
    this.target.backend.instead = undefined;
    await sleep(0);
  }
}

export interface TokenOptions {
  endpoint?: 'sip' | 'desk' | 'dial' | 'brief';
  /** User part of the holder, for somebody who is signed in. */
  subject?: string;
  renew?: string;
}
