import { expect } from '@open-wc/testing';
import type { Call, CallResult } from '../../../src/client/call.js';
import { SautikitClient, type SautikitClientOptions } from '../../../src/client/sautikit-client.js';
import type { OutgoingCall } from '../../../src/client/outgoing-call.js';
import type { SautikitError } from '../../../src/errors.js';
import type { TokenRequest } from '../../../src/token/token-request.js';
import { Dialog } from './dialog.js';
import { FakeWebSocket } from './fake-web-socket.js';
import { FarEnd } from './far-end.js';
import { Gateway, type Received } from './gateway.js';
import { CALLEE, GATEWAY_URL, SIP_URI } from './messages.js';
import { settled, until } from './waiting.js';

/** Tokens look like the JWTs that they are in earnest; each grant has one of its own. */
export const tokenNumber = (nth: number): string => `eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJhYmMifQ.signature-number-${nth}`;

/** A call of the client's with what both ends know of it. */
export interface Talk {
  call: OutgoingCall;
  invite: Received;
  dialog: Dialog;
  farEnd: FarEnd;
}

/** What a test works with; made anew for each one, and cleared away after it. */
export class Bench {
  readonly gateway = new Gateway();
  /** What the token endpoint was asked. */
  readonly asked: TokenRequest[] = [];
  /** Fields that every grant has besides, or instead. */
  grant: Record<string, unknown> = {};
  /** Every track that a microphone of the page gave. */
  readonly tracks: MediaStreamTrack[] = [];
  /** The permission prompt: microphones are given when this has resolved. */
  prompt: Promise<void> = Promise.resolve();
  /** Every peer connection of the page's. */
  readonly peers: RTCPeerConnection[] = [];
  /** Exceptions that reached the page. */
  readonly uncaught: string[] = [];
  readonly #clients: SautikitClient[] = [];
  readonly #farEnds: FarEnd[] = [];

  client(options: Partial<SautikitClientOptions> = {}): SautikitClient {
    const client = new SautikitClient({
      tokenProvider: (request) => Promise.resolve(this.newGrant(request)),
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  farEnd(): FarEnd {
    const farEnd = new FarEnd();
    this.#farEnds.push(farEnd);
    return farEnd;
  }

  /** Scripts a far end that rings and answers, and re-INVITEs too. */
  answering(farEnd = this.farEnd(), change = (sdp: string): string => sdp): FarEnd {
    this.gateway.on('INVITE', async (invite, reply) => {
      reply(100);
      reply(180);
      reply(200, { body: change(await farEnd.answer(invite.message.body)) });
    });
    this.gateway.on('re-INVITE', async (invite, reply) => {
      reply(200, { body: change(await farEnd.answer(invite.message.body)) });
    });
    return farEnd;
  }

  /** A call that was answered and has media. */
  async talk(client = this.client(), change?: (sdp: string) => string): Promise<Talk> {
    const farEnd = this.answering(this.farEnd(), change);
    const call = client.dial();
    const invite = await this.gateway.next('INVITE', this.gateway.all('INVITE').length + 1);
    await reached(call, 'active');
    await farEnd.connected();
    await until(() => call.connection?.connectionState === 'connected');
    await this.gateway.next('ACK');
    return { call, invite, dialog: Dialog.ofBrowser(this.gateway, invite), farEnd };
  }

  /** Nothing is held any more: no microphone is open, and soon no peer connection of the page's. */
  async expectReleased(): Promise<void> {
    expect(this.tracks.map(({ readyState }) => readyState).filter((state) => state !== 'ended')).to.be.empty;
    // They are closed in the next idle moment.
    await until(() => this.peers.every(({ signalingState }) => signalingState === 'closed'));
  }

  close(): void {
    for (const client of this.#clients) client.disconnectNow();
    for (const farEnd of this.#farEnds) farEnd.close();
  }

  newGrant(request: TokenRequest): object {
    this.asked.push(request);
    return {
      token: tokenNumber(this.asked.length),
      expires_in: 300,
      gateway_url: GATEWAY_URL,
      sip_uri: SIP_URI,
      callee: CALLEE,
      ...this.grant,
    };
  }
}

/** Waits until a call is in a state. */
export const reached = (call: Call, state: Call['state']): Promise<true> =>
  until(
    () => call.state === state,
    () => `the call to be ${state}; it is ${call.state}`,
  ) as Promise<true>;

/** Everything that a call tells about its end. */
export interface Endings {
  failed: SautikitError[];
  ended: CallResult[];
}

export function endingsOf(call: Call): Endings {
  const endings: Endings = { failed: [], ended: [] };
  call.on('failed', (error) => endings.failed.push(error));
  call.on('ended', (result) => endings.ended.push(result));
  return endings;
}

/** Puts a bench in place before each test of a suite, and looks after each that nothing was thrown into the page. */
export function useBench(): () => Bench {
  let bench: Bench;
  let restore = (): void => {};

  beforeEach(() => {
    bench = new Bench();
    const { WebSocket, RTCPeerConnection } = globalThis;
    const { mediaDevices } = navigator;
    const { peers, tracks, uncaught } = bench;
    const current = bench;
    FakeWebSocket.network = bench.gateway;
    Object.assign(globalThis, {
      WebSocket: FakeWebSocket,
      RTCPeerConnection: class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          peers.push(this);
        }
      },
    });
    mediaDevices.getUserMedia = async (constraints) => {
      await current.prompt;
      const stream = await MediaDevices.prototype.getUserMedia.call(mediaDevices, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    const onError = ({ message }: ErrorEvent) => uncaught.push(message);
    const onRejection = ({ reason }: PromiseRejectionEvent) => uncaught.push(String(reason));
    addEventListener('error', onError);
    addEventListener('unhandledrejection', onRejection);
    restore = () => {
      removeEventListener('error', onError);
      removeEventListener('unhandledrejection', onRejection);
      Object.assign(globalThis, { WebSocket, RTCPeerConnection });
      Reflect.deleteProperty(mediaDevices, 'getUserMedia');
    };
  });

  afterEach(async () => {
    await settled();
    bench.close();
    await settled();
    restore();
    expect(bench.uncaught).to.be.empty;
  });

  return () => bench;
}
