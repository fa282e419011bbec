import type { IncomingCall } from '../../../src/client/incoming-call.js';
import type { OutgoingCall } from '../../../src/client/outgoing-call.js';
import type { SautikitClient } from '../../../src/client/sautikit-client.js';
import type { Connection } from '../../sip/support/fake-web-socket.js';
import { Gateway, type Received } from '../../sip/support/gateway.js';
import type { IncomingRequest } from '../../sip/support/jssip.js';
import { parseMessage } from '../../sip/support/shipped.js';
import { pause } from '../../sip/support/waiting.js';
import { answering, filled, fromOutside, inCallFrom, inCallOf, type Template, type Values } from './sip-traces.js';

/** How far a session is when the gateway begins to lie. */
export const STAGES = [
  'registering',
  'dialing',
  'ringing',
  'active',
  'cancelling',
  'hanging up',
  'called',
  'taken',
] as const;
export type Stage = (typeof STAGES)[number];

/** The gateway in the same page, a stand-in for a real one; it takes what the browser says in answer to nonsense as it is. */
export class LyingGateway extends Gateway {
  override onData(connection: Connection, data: string): void {
    try {
      super.onData(connection, data);
    } catch {
      // An answer repeats parts of what it answers.
    }
  }
}

/** Waits for what happens in this page, without a pause where there need be none. */
export async function until(what: string, look: () => unknown): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  for (let turns = 0; turns < 2000; turns++) {
    if (look()) return port1.close();
    if (turns > 100) await pause(turns > 300 ? 10 : 1);
    else await new Promise((resolve) => ((port1.onmessage = resolve), port2.postMessage(0)));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A client and what it has to do with the gateway: brought to a stage by what a real gateway has said. */
export class Caller {
  call: OutgoingCall | IncomingCall | undefined;
  /** Whatever was promised; all of it must settle. */
  readonly promised: Promise<unknown>[] = [];
  readonly #gateway: LyingGateway;
  readonly #client: SautikitClient;
  readonly #templates: readonly Template[];
  readonly #stream: MediaStream;
  #invite: Received | undefined;
  #outside: { request: IncomingRequest; values: Values } | undefined;
  #cseq = 100;

  constructor(gateway: LyingGateway, client: SautikitClient, templates: readonly Template[], stream: MediaStream) {
    this.#gateway = gateway;
    this.#client = client;
    this.#templates = templates;
    this.#stream = stream;
    client.on('incoming', (call) => (this.call = call));
  }

  async reach(stage: Stage): Promise<void> {
    const gateway = this.#gateway;
    gateway.on('REGISTER', (register) => this.#say(register, 200)).on('BYE', (bye) => this.#say(bye, 200));
    gateway.on('INVITE', (invite) => this.#say(invite, 100)).on('re-INVITE', (invite) => this.#say(invite, 200));
    gateway.on('CANCEL', (cancel, reply) => {
      reply(200);
      const invite = gateway.all('INVITE').find(({ message }) => message.via_branch === cancel.message.via_branch);
      if (invite) this.#say(invite, 487);
    });
    if (stage === 'registering') {
      gateway.on('REGISTER', () => {});
      const before = gateway.all('REGISTER').length;
      const registered = this.#client.connectionState === 'registered';
      this.#promise(this.#client.connect());
      if (!registered) await until('a REGISTER', () => gateway.all('REGISTER').length > before);
      return;
    }
    if (stage === 'called' || stage === 'taken') return this.#beCalled(stage === 'taken');
    await this.#dial(
      stage === 'dialing' ? 'dialing' : stage === 'active' || stage === 'hanging up' ? 'active' : 'ringing',
    );
    if (stage === 'cancelling') gateway.on('CANCEL', () => {});
    if (stage === 'hanging up') gateway.on('BYE', () => {});
    if (stage === 'cancelling' || stage === 'hanging up') this.#promise(this.call!.hangup());
  }

  /** Whether a session is still where it was brought. */
  at(stage: Stage): boolean {
    const { connections } = this.#gateway;
    if (!connections.at(-1)?.open) return false;
    const state = this.call?.state;
    if (stage === 'taken') return state === 'active';
    if (stage === 'called') return state === 'ringing';
    return stage === 'dialing' || stage === 'ringing' || stage === 'active' ? state === stage : true;
  }

  /** What the gateway says with a template, where the session is now. */
  text(template: Template, where: number): string {
    const { requests } = this.#gateway;
    if (template.status !== undefined) {
      const asked = requests.filter(({ method }) => method === template.method).at(-1) ?? requests.at(-1)!;
      return filled(template, answering(asked));
    }
    const register = requests.filter(({ method }) => method === 'REGISTER').at(-1) ?? requests[0]!;
    const outside = template.method === 'INVITE' ? where % 2 === 0 : !this.#outside && !this.#invite;
    if (outside) return filled(template, fromOutside(register));
    this.#cseq++;
    if (this.#outside) {
      const { request, values } = this.#outside;
      // These two belong to the INVITE itself (RFC 3261 sections 9.1 and 13.2.2.4).
      const ofInvite = template.method === 'CANCEL' || template.method === 'ACK';
      const now = inCallFrom(request, this.#ownTag(request), values, ofInvite ? request.cseq : this.#cseq);
      return filled(template, template.method === 'CANCEL' ? { ...now, branch: request.via_branch } : now);
    }
    return filled(template, inCallOf(this.#invite ?? register, this.#cseq));
  }

  send(data: unknown): void {
    this.#gateway.send(data);
  }

  /** The gateway tells the truth again, also about what it has left open. */
  behave(): void {
    const gateway = this.#gateway;
    gateway.on('REGISTER', (register) => this.#say(register, 200));
    gateway.on('BYE', (_, reply) => reply(200)).on('INFO', (_, reply) => reply(200));
    gateway.on('CANCEL', (cancel, reply) => {
      reply(200);
      const invite = gateway.all('INVITE').find(({ message }) => message.via_branch === cancel.message.via_branch);
      invite?.reply(487);
    });
    for (const asked of gateway.requests.slice(-20)) {
      if (asked.final || asked.method === 'ACK' || !asked.connection.open) continue;
      if (asked.method === 'REGISTER') this.#say(asked, 200);
      else asked.reply(asked.method === 'INVITE' ? 487 : 200);
    }
  }

  /** Whatever has happened: whoever calls now is answered. */
  async callOnceMore(): Promise<void> {
    if (this.call?.live) await this.call.hangup();
    this.behave();
    await this.#dial('active');
    await this.call!.hangup();
  }

  /** Ends everything; every promise settles. */
  async end(): Promise<void> {
    let open = 1;
    this.#promise(this.#client.disconnect());
    void Promise.allSettled(this.promised).then(() => (open = 0));
    await until('every promise to settle', () => !open);
  }

  async #dial(stage: 'dialing' | 'ringing' | 'active'): Promise<void> {
    const gateway = this.#gateway;
    if (this.call?.live) await this.call.hangup();
    this.#outside = undefined;
    gateway.on('INVITE', (invite) => {
      this.#invite = invite;
      this.#say(invite, 100);
      if (stage !== 'dialing') this.#say(invite, 180);
      if (stage === 'active') this.#say(invite, 200);
    });
    const call = this.#client.dial(undefined, { stream: this.#stream });
    this.call = call;
    this.#promise(call.finished);
    let why = '';
    call.on('failed', ({ message }) => (why = `, since ${message}`));
    const invites = gateway.all('INVITE').length;
    await until(`a call to be ${stage}; it is ${call.state}`, () => call.state === stage || !call.live);
    if (call.state !== stage) throw new Error(`a call did not come to be ${stage}, but ${call.state}${why}`);
    if (stage === 'dialing') await until('an INVITE', () => gateway.all('INVITE').length > invites);
  }

  async #beCalled(taken: boolean): Promise<void> {
    const gateway = this.#gateway;
    if (this.call?.live) await this.call.hangup();
    this.call = undefined;
    this.#promise(this.#client.connect());
    await until('a registration', () => this.#client.connectionState === 'registered');
    const register = gateway.requests.filter(({ method }) => method === 'REGISTER').at(-1)!;
    const values = fromOutside(register);
    const raw = filled(this.#template('INVITE', undefined, true), values);
    const request = parseMessage(raw) as IncomingRequest;
    this.#outside = { request, values };
    gateway.send(raw);
    await until('a call from outside', () => this.call);
    const call = this.call as unknown as IncomingCall;
    this.#promise(call.finished);
    if (!taken) return;
    this.#promise(call.answer({ stream: this.#stream }));
    await until('an answer', () =>
      gateway.responses.some(({ call_id: id, status_code: s }) => id === request.call_id && s === 200),
    );
    gateway.send(filled(this.#template('ACK', undefined), inCallFrom(request, this.#ownTag(request), values, 1)));
    await until('the call from outside to be active', () => call.state === 'active');
  }

  #ownTag({ call_id: callId }: IncomingRequest): string {
    return (
      this.#gateway.responses.filter((response) => response.call_id === callId && response.to_tag).at(-1)?.to_tag ?? ''
    );
  }

  #template(method: string, status: number | undefined, described = false): Template {
    const fitting = this.#templates.filter((template) => template.method === method && template.status === status);
    // Of the answers to a REGISTER, and to an INVITE, the one with most in it.
    const [best] = fitting.sort((one, other) => other.text.length - one.text.length);
    if (!best || (described && !best.text.includes('m=audio'))) throw new Error(`no trace of ${status} ${method}`);
    return best;
  }

  #say(asked: Received, status: number): void {
    asked.connection.send(filled(this.#template(asked.method, status), answering(asked)));
  }

  #promise(promise: Promise<unknown>): void {
    promise.catch(() => {});
    this.promised.push(promise);
  }
}
