import { until } from './waiting.js';

const NativePeerConnection = globalThis.RTCPeerConnection;

/** Whoever is called, with a peer connection of its own, so that the call really connects. */
export class FarEnd {
  readonly connection = new NativePeerConnection();

  /** Answers an offer, with all candidates. */
  async answer(offer: string, direction: RTCRtpTransceiverDirection = 'sendrecv'): Promise<string> {
    const { connection } = this;
    await connection.setRemoteDescription({ type: 'offer', sdp: offer });
    for (const transceiver of connection.getTransceivers()) transceiver.direction = direction;
    await connection.setLocalDescription(await connection.createAnswer());
    return this.#described();
  }

  /** Makes an offer, with all candidates. */
  async offer(direction: RTCRtpTransceiverDirection = 'sendrecv'): Promise<string> {
    const { connection } = this;
    const [transceiver] = connection.getTransceivers();
    if (transceiver) transceiver.direction = direction;
    else connection.addTransceiver('audio', { direction });
    await connection.setLocalDescription(await connection.createOffer());
    return this.#described();
  }

  async accept(answer: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  /** Media flows: ICE and DTLS are through. */
  async connected(): Promise<void> {
    await until(
      () => this.connection.connectionState === 'connected',
      () => `media; it is ${this.connection.connectionState}`,
    );
  }

  close(): void {
    this.connection.close();
  }

  async #described(): Promise<string> {
    await until(
      () => this.connection.iceGatheringState === 'complete',
      () => 'candidates of the far end',
    );
    return this.connection.localDescription!.sdp;
  }
}

/** The same description with another value for the attribute `direction`. */
export const directed = (sdp: string, direction: RTCRtpTransceiverDirection): string =>
  sdp.replace(/^a=(?:sendrecv|sendonly|recvonly|inactive)$/gm, `a=${direction}`);

/** The same description from an end that knows no RFC 4733. */
export function withoutTelephoneEvent(sdp: string): string {
  const payloads = [...sdp.matchAll(/^a=rtpmap:(\d+) telephone-event.*$/gm)].map(([, payload]) => payload!);
  return sdp
    .split('\r\n')
    .filter((line) => !payloads.some((payload) => new RegExp(`^a=(?:rtpmap|fmtp|rtcp-fb):${payload} `).test(line)))
    .map((line) =>
      line.startsWith('m=')
        ? line
            .split(' ')
            .filter((part, at) => at < 3 || !payloads.includes(part))
            .join(' ')
        : line,
    )
    .join('\r\n');
}

/** The same description in a codec that nobody has. */
export const inNoCodecOfOurs = (sdp: string): string =>
  sdp
    .replace(/^a=(?:rtpmap|fmtp|rtcp-fb):.*\r\n/gm, '')
    .replace(/^(m=audio \d+ \S+) .*$/m, '$1 99')
    .concat('a=rtpmap:99 unheard-of/8000\r\n');
