import { silent, type Log } from '../log.js';

/**
 * How long an offer waits for more candidates once it has one, in milliseconds. Host candidates of all interfaces come
 * within a few milliseconds of each other; a server-reflexive one takes a round trip to a server that may be dead, and a
 * gateway with a public address learns it anyway as peer-reflexive (RFC 8445 section 7.3.1.3).
 */
const CANDIDATE_GRACE = 20;
/**
 * How long an offer waits for its first candidate, in milliseconds; after that it leaves with none. A browser that has just
 * been started can take more than 100 ms to look at its interfaces.
 */
const FIRST_CANDIDATE = 300;

/**
 * One RTCPeerConnection for one call: audio only, descriptions that never wait for ICE to end, and one owner that closes
 * it.
 */
export class Peer {
  readonly connection: RTCPeerConnection;
  readonly #log: Log;
  #closed = false;

  /** @param onTrack the far end's audio has come */
  constructor(iceServers: RTCIceServer[], onTrack: (stream: MediaStream) => void, log: Log = silent) {
    this.#log = log;
    this.connection = new RTCPeerConnection({ iceServers });
    this.connection.addEventListener('track', ({ track, streams }) => onTrack(streams[0] ?? new MediaStream([track])));
  }

  /**
   * Starts ICE before there is a microphone, so that candidates are there when the call may begin. The track comes later
   * into the transceiver that is made here (`addTrack` reuses one that has not sent yet: JSEP, RFC 9429 section 5.1.1).
   */
  async warm(): Promise<void> {
    if (this.#closed || this.connection.signalingState !== 'stable') return;
    this.connection.addTransceiver('audio', { direction: 'sendrecv' });
    await this.connection.setLocalDescription(await this.connection.createOffer());
  }

  /**
   * True where the browser has hidden its addresses behind `.local` names, and most of its interfaces with them, as it
   * does until the page has a microphone (RFC 8828 section 5.2). A new connection, made with the microphone, has all.
   */
  get obfuscated(): boolean {
    return /^a=candidate:.*\.local /m.test(this.connection.localDescription?.sdp ?? '');
  }

  /** Makes a local description and returns it as soon as it is worth sending. */
  async describe(type: 'offer' | 'answer', options?: RTCOfferOptions): Promise<string> {
    const { connection } = this;
    const gathered = this.#candidates(options?.iceRestart === true);
    try {
      const description = type === 'offer' ? await connection.createOffer(options) : await connection.createAnswer();
      await connection.setLocalDescription(description);
      await gathered.ready();
    } finally {
      gathered.stop();
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
    this.connection.close();
  }

  /** Watches candidates from before the description is set; `ready()` always settles: grace, cap or end of gathering. */
  #candidates(restart: boolean) {
    const { connection } = this;
    let ready = () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settled = new Promise<void>((resolve) => (ready = resolve));
    const onCandidate = ({ candidate }: RTCPeerConnectionIceEvent) => {
      clearTimeout(timer);
      if (!candidate) ready();
      else timer = setTimeout(ready, CANDIDATE_GRACE);
    };
    const onState = () => connection.iceGatheringState === 'complete' && ready();
    connection.addEventListener('icecandidate', onCandidate);
    connection.addEventListener('icegatheringstatechange', onState);
    return {
      ready: () => {
        const has = connection.localDescription?.sdp.includes('\na=candidate:');
        // A restart begins with the old gathering still `complete`.
        if (this.#closed || has || (connection.iceGatheringState === 'complete' && !restart)) return;
        timer ??= setTimeout(() => {
          this.#log('no ICE candidate in time: the description leaves without one');
          ready();
        }, FIRST_CANDIDATE);
        return settled;
      },
      stop: () => {
        clearTimeout(timer);
        connection.removeEventListener('icecandidate', onCandidate);
        connection.removeEventListener('icegatheringstatechange', onState);
      },
    };
  }
}
