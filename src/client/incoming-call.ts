import { asSautikitError } from '../errors.js';
import type { IncomingSession } from '../sip/user-agent.js';
import { Call, type CallOptions } from './call.js';
import type { GatewaySession } from './gateway-session.js';

/** The SIP status code of a refusal (RFC 3261 section 21.6.2). */
const DECLINE = 603;

export interface AnswerOptions {
  /** Speaks instead of the microphone; its owner stops it. */
  stream?: MediaStream;
  microphoneId?: string;
}

/** A call from somebody. It rings until it is answered, rejected, or given up on. */
export class IncomingCall extends Call {
  readonly direction = 'incoming';
  /** Who calls, as the gateway let it through: a display name or a number. Show it as text only. */
  readonly from: string;
  #answering = false;

  constructor(incoming: IncomingSession, gateway: GatewaySession, options: CallOptions) {
    super(options);
    this.from = incoming.from;
    this.gateway = gateway;
    this.move('offer');
    this.session = incoming.accept(this.sessionHandlers());
  }

  /** Answers. Resolves when the call is active or over; a failure is told by `failed`. */
  async answer(options: AnswerOptions = {}): Promise<void> {
    if (this.state !== 'ringing' || this.#answering) return;
    this.#answering = true;
    try {
      const { microphone } = this.audio;
      if (options.stream) microphone.use(options.stream);
      else await this.whileLive(this.audio.open(options.microphoneId));
      const peer = this.createPeer(this.gateway!.grant);
      const settled = this.settled();
      this.session?.answer(microphone.stream!, peer);
      await settled;
    } catch (error) {
      this.fail(asSautikitError(error));
    }
  }

  /** Declines: whoever calls hears that nobody will answer here. */
  reject(): void {
    if (this.state !== 'ringing') return;
    this.session?.terminate(DECLINE);
    this.finish({ by: 'local' });
  }

  private settled(): Promise<void> {
    return new Promise((resolve) => {
      this.on('answered', () => resolve());
      void this.finished.then(() => resolve());
    });
  }
}
