import { silent, type Log } from '../log.js';
import { createConnection } from './deferred-close.js';
import { Gathering } from './gathering.js';

/** Where its way to the gateway may lead: `relay` keeps the caller's addresses from the gateway, or obeys a firewall. */
export type PeerConfiguration = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;

/**
 * One RTCPeerConnection for one call: audio only, descriptions that never wait for ICE to end, and one owner that closes
 * it.
 */
export class Peer {
  readonly connection: RTCPeerConnection;
  readonly #log: Log;
  readonly #relayOnly: boolean;
  /** Of a description that has not been sent yet. */
  #gathering: Gathering | undefined;
  #warming: Promise<void> | undefined;
  #closed = false;
  #stream: MediaStream | undefined;
  #onStream = (_stream: MediaStream): void => {};

  constructor(configuration: PeerConfiguration, log: Log = silent) {
    this.#log = log;
    this.#relayOnly = configuration.iceTransportPolicy === 'relay';
    this.connection = createConnection(configuration);
    this.connection.addEventListener('track', ({ track, streams }) => {
      this.#stream = streams[0] ?? new MediaStream([track]);
      this.#onStream(this.#stream);
    });
  }

  /** Tells of the far end's audio when it comes, at once where it is there. */
  onStream(told: (stream: MediaStream) => void): void {
    this.#onStream = told;
    if (this.#stream) told(this.#stream);
  }

  /**
   * Starts ICE before there is a microphone, so that candidates are there when the call may begin. The track comes later
   * into the transceiver that is made here (`addTrack` reuses one that has not sent yet: JSEP, RFC 9429 section 5.1.1).
   * The offer of this moment is the one that is sent: Firefox throws away what it has gathered where another is made.
   */
  warm(): Promise<void> {
    return (this.#warming ??= this.#warm());
  }

  async #warm(): Promise<void> {
    if (this.#closed) return;
    this.connection.addTransceiver('audio', { direction: 'sendrecv' });
    const offer = await this.connection.createOffer();
    if (this.#closed) return;
    this.#gathering = new Gathering(this.connection, this.#log);
    await this.connection.setLocalDescription(offer);
  }

  /**
   * True where the browser has hidden its addresses behind `.local` names, and most of its interfaces with them, as it
   * does until the page has a microphone (RFC 8828 section 5.2). A new connection, made with the microphone, has all.
   */
  get obfuscated(): boolean {
    return /^a=candidate:.*\.local /m.test(this.connection.localDescription?.sdp ?? '');
  }

  /**
   * Makes a local description and returns it as soon as it is worth sending. Where only relays may be used there is nothing
   * to wait for: a relay is several round trips away, if it is there at all, and the gateway learns it from its check.
   */
  async describe(type: 'offer' | 'answer', options?: RTCOfferOptions): Promise<string> {
    const { connection } = this;
    const restart = options?.iceRestart === true;
    const warm = type === 'offer' && this.#gathering !== undefined && !restart;
    const description = warm ? undefined : await connection[type === 'offer' ? 'createOffer' : 'createAnswer'](options);
    const gathering = (this.#gathering ??= new Gathering(connection, this.#log));
    try {
      if (type === 'answer' && /^m=audio 0 /m.test(description?.sdp ?? '')) {
        // Set, it would end the sound for good; so both sides stay as they were (RFC 3261 section 14.2).
        await connection.setRemoteDescription({ type: 'rollback' });
        throw new Error('no common codec');
      }
      if (description) await connection.setLocalDescription(description);
      if (!this.#relayOnly && (warm || !this.#settled(restart))) await gathering.ready;
    } finally {
      gathering.stop();
      this.#gathering = undefined;
    }
    return connection.localDescription?.sdp ?? '';
  }

  /** Takes back an offer that was refused, so that the next one can be made. */
  async rollback(): Promise<void> {
    if (this.connection.signalingState === 'have-local-offer') {
      await this.connection.setLocalDescription({ type: 'rollback' });
    }
  }

  /** Fresh TURN credentials, before an ICE restart. */
  useIceServers(iceServers: RTCIceServer[]): void {
    this.connection.setConfiguration({ ...this.connection.getConfiguration(), iceServers });
  }

  /** The sender of the microphone's track, once there is one. */
  get sender(): RTCRtpSender | undefined {
    return this.connection.getSenders().find(({ track }) => track?.kind === 'audio');
  }

  close(): void {
    this.#closed = true;
    this.#gathering?.stop();
    this.connection.close();
  }

  /** Whether the description that was just set has begun no gathering, or has what it found already. */
  #settled(restart: boolean): boolean {
    const { iceGatheringState, localDescription } = this.connection;
    // A restart begins with the old gathering still `complete`.
    return (iceGatheringState === 'complete' && !restart) || /^a=candidate:/m.test(localDescription?.sdp ?? '');
  }
}
