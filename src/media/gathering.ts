import type { Log } from '../log.js';

/**
 * How long a description waits for more candidates once there is one, in milliseconds. Host candidates come in one burst:
 * nine of them, of five interfaces, within 4 ms in Chromium and 2 ms in Firefox, and mostly within 6 ms at a quarter of the
 * processor's speed. What comes later is a TCP candidate (Chromium's, after 110 ms) or the answer of a server, which may be
 * dead; a gateway learns either from the check that comes from there, as peer-reflexive (RFC 8445 section 7.3.1.3).
 */
const CANDIDATE_GRACE = 10;
/**
 * How long a description waits for its first candidate, in milliseconds since gathering began: under the grant's, the
 * socket's and the microphone's own time, so that it seldom costs any. Ours is a gateway that needs none; Asterisk begins
 * no ICE without one, and FreeSWITCH refuses the call. A browser that runs finds its first host candidate within 4 ms, one
 * that has just been started within 20 ms, at a quarter of the processor's speed within 45 ms, and in the worst case seen
 * (four times as many busy programs as processors, besides) within 190 ms.
 */
const FIRST_CANDIDATE = 200;

/** The beginning of one gathering of candidates, until a description is worth sending. Begin it just before the description is set. */
export class Gathering {
  /** Always resolves: after the grace, the wait for a first candidate, or the end of gathering. */
  readonly ready: Promise<void>;
  #stop = (): void => {};

  constructor(connection: RTCPeerConnection, log: Log) {
    this.ready = new Promise((resolve) => {
      let first = true;
      const onCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
        // Firefox ends a generation with an empty candidate, too.
        if (!candidate?.candidate) return this.#stop();
        if (!first) return;
        first = false;
        clearTimeout(timer);
        timer = setTimeout(this.#stop, CANDIDATE_GRACE);
      };
      const onState = (): void => {
        if (connection.iceGatheringState === 'complete') this.#stop();
      };
      this.#stop = () => {
        clearTimeout(timer);
        connection.removeEventListener('icecandidate', onCandidate);
        connection.removeEventListener('icegatheringstatechange', onState);
        resolve();
      };
      let timer = setTimeout(() => {
        log('no ICE candidate in time: the description leaves without one');
        this.#stop();
      }, FIRST_CANDIDATE);
      connection.addEventListener('icecandidate', onCandidate);
      connection.addEventListener('icegatheringstatechange', onState);
    });
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#stop();
  }
}
