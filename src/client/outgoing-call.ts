import { asSautikitError, inContext, SautikitError } from '../errors.js';
import type { Peer } from '../media/peer.js';
import type { SessionEnding, SessionHandlers } from '../sip/sip-session.js';
import { sipDomain, type Grant } from '../token/token-grant.js';
import type { TokenSource } from '../token/token-source.js';
import { Call, type CallOptions } from './call.js';
import type { GatewaySession } from './gateway-session.js';
import type { Wanting } from './gateways.js';

/** A gateway that says nothing at all to an INVITE for this long (ms), not even 100 Trying, is not there. */
const SILENCE_LIMIT = 10_000;
/** How long the far end may ring (ms). */
const RING_LIMIT = 60_000;
/** Refusals that a gateway may give only since it does not know the caller yet. */
const UNREGISTERED: readonly (number | undefined)[] = [401, 403, 404, 407, 480];

export interface OutgoingCallOptions extends CallOptions {
  source: TokenSource;
  /** Lends a gateway session for a grant, whose socket begins to open at once; the call never closes it. */
  openGateway(grant: Grant, call: Wanting): Promise<GatewaySession>;
  /** An address, or a user at the caller's own domain; the callee that the server has fixed where there is none. */
  target?: string | undefined;
  /** The caller identity that is asked for (RFC 3325); the gateway decides. */
  from?: string | undefined;
  /** Device to speak into; the system's choice where it is absent or gone. */
  microphoneId?: string | undefined;
}

/** A call to somebody: microphone, grant, connection and media side by side, then the INVITE. */
export class OutgoingCall extends Call {
  readonly direction = 'outgoing';
  readonly #options: OutgoingCallOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tokenRetried = false;
  #registrationRetried = false;
  #invites = 0;

  constructor(options: OutgoingCallOptions) {
    super(options);
    this.#options = options;
  }

  /** Begins; call it inside the click. Resolves when the INVITE has left, or never will; the events say which. */
  async start(): Promise<void> {
    this.move('start');
    const microphone = this.audio.microphone.stream ? Promise.resolve() : this.#openMicrophone();
    try {
      await this.#attempt(microphone);
    } catch (error) {
      this.fail(asSautikitError(error));
    }
  }

  async #openMicrophone(): Promise<void> {
    await this.audio.open(this.#options.microphoneId);
    if (this.live) this.clock.mark('microphone');
  }

  async #attempt(microphone: Promise<void>): Promise<void> {
    const ready = Promise.all([microphone, this.#connect()]);
    // Whichever fails first decides; the other's failure has nobody to tell.
    const [, { grant, gateway, peer }] = await this.whileLive(ready);
    if (!this.#tokenRetried && this.#options.source.hasEnded(gateway.grant === grant ? gateway.current : grant)) {
      // Nobody could renew it under the permission prompt: the endpoint shall say why, or give another.
      this.#tokenRetried = true;
      return this.#attempt(Promise.resolve());
    }
    // A stream that is lent comes with no permission that would show more addresses.
    const again = peer.obfuscated && !this.#options.stream;
    this.#invite(grant, gateway, again ? this.createPeer(grant) : peer);
  }

  /** All that goes ahead under a permission prompt: grant, socket, registration, ICE. */
  async #connect() {
    const grant = await this.whileLive(this.#options.source.take(this.id));
    this.clock.mark('grant');
    const opening = this.#options.openGateway(grant, this);
    const peer = this.createPeer(grant);
    const warm = peer.warm();
    // A call that is over closes the connection under it, and is told of nothing more.
    warm.catch(() => {});
    opening.catch(() => {});
    const gateway = await this.whileLive(opening);
    this.gateway = gateway;
    gateway.hurry(true);
    await this.whileLive(gateway.opened);
    this.clock.mark('socket');
    await this.whileLive(warm);
    return { grant, gateway, peer };
  }

  #invite(grant: Grant, gateway: GatewaySession, peer: Peer): void {
    // A muted caller stays muted, whenever the microphone came.
    const stream = this.audio.microphone.stream!;
    this.#options.source.spend(grant);
    // A session of this very grant has what renewed it, where the permission prompt stood longer than the grant lasts.
    if (gateway.grant !== grant) gateway.agent.authorize(grant);
    this.session = gateway.agent.createSession({
      ...this.sessionHandlers(),
      onSent: () => {
        this.clock.mark('invite');
        // While the INVITE is on its way: it takes as long to make as a call to begin.
        setTimeout(() => this.audio.prepare());
        this.#limit(SILENCE_LIMIT, 'gateway-unreachable');
        if (this.state === 'preparing') this.move('dial');
      },
      // Far networks take more than ten seconds to ring.
      onTrying: () => this.#limit(RING_LIMIT, 'no-answer'),
      onRinging: () => {
        this.clock.mark('ringing');
        this.#limit(RING_LIMIT, 'no-answer');
        if (this.state !== 'dialing') return;
        this.move('ring');
        // Early media is the network's own tone, or its announcement.
        if (this.clock.timings.audio === undefined) this.audio.ring();
      },
      onEnded: (ending) => void this.#onEnded(ending, gateway),
    });
    this.#invites++;
    this.session.invite(this.id, this.#target(grant), stream, peer, this.#headers(grant));
  }

  protected override sessionHandlers(): SessionHandlers {
    const handlers = super.sessionHandlers();
    return {
      ...handlers,
      onAnswered: () => {
        clearTimeout(this.#timer);
        handlers.onAnswered?.();
      },
    };
  }

  protected override finish(ending: SessionEnding): void {
    clearTimeout(this.#timer);
    const { live, session, gateway } = this;
    super.finish(ending);
    // A gateway to which a connection died without a close knows nothing of it, and lets somebody's phone ring on.
    if (live && session && gateway && !session.answered && !gateway.connected)
      gateway.whenHeard(() => gateway.agent.cancel(session));
  }

  protected override inContext(error: unknown): SautikitError {
    const told = super.inContext(error);
    return told.tried.step === 'call' ? inContext(told, { tried: { attempts: this.#invites } }) : told;
  }

  #limit(delay: number, code: 'gateway-unreachable' | 'no-answer'): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.fail(new SautikitError(code, { tried: { step: 'call' } })), delay);
  }

  /** An attempt ended. Two refusals are worth a second one, once each: a stale token, and a registration still under way. */
  async #onEnded(ending: SessionEnding, gateway: GatewaySession): Promise<void> {
    clearTimeout(this.#timer);
    const status = ending.error?.status;
    if (this.state !== 'preparing' && this.state !== 'dialing') return this.finish(ending);
    try {
      if (await this.#mayTryUnregistered(status, gateway)) {
        await this.#again(gateway.grant, gateway);
      } else if (status === 401 && gateway.grant.credential.kind === 'bearer' && !this.#tokenRetried) {
        this.#tokenRetried = true;
        this.#options.source.discard(gateway.grant);
        this.log('the gateway refused the token: one new token, one more attempt');
        await this.#attempt(Promise.resolve());
      } else {
        this.finish(ending);
      }
    } catch (error) {
      this.fail(asSautikitError(error));
    }
  }

  async #mayTryUnregistered(status: number | undefined, gateway: GatewaySession): Promise<boolean> {
    const { agent } = gateway;
    if (this.#registrationRetried || !UNREGISTERED.includes(status) || agent.registered || !agent.registers)
      return false;
    this.#registrationRetried = true;
    try {
      const patience = new Promise((_, reject) => (this.#timer = setTimeout(reject, SILENCE_LIMIT)));
      await this.whileLive(Promise.race([gateway.registered, patience]));
      return true;
    } catch {
      return false;
    }
  }

  async #again(grant: Grant, gateway: GatewaySession): Promise<void> {
    this.log('the gateway refused an unregistered caller: one more attempt');
    const peer = this.createPeer(grant);
    await this.whileLive(peer.warm());
    this.#invite(grant, gateway, peer);
  }

  #target(grant: Grant): string {
    const { target } = this.#options;
    if (target === undefined) return grant.callee;
    return target.startsWith('sip:') ? target : `sip:${target}@${sipDomain(grant.sipUri)}`;
  }

  #headers(grant: Grant): string[] {
    const { from } = this.#options;
    return from === undefined ? [] : [`P-Preferred-Identity: <sip:${from}@${sipDomain(grant.sipUri)}>`];
  }
}
