/** What was seen of one call, the same way for all systems; times in milliseconds of the page's own clock. */
export interface Seen {
  /** When the finger rose: `timeStamp` of the click. */
  click?: number;
  /** The gateway's socket is open; before the click, where it was opened for the pointer. */
  socket?: number;
  /** The microphone is asked for. */
  asked?: number;
  /** The microphone is open. */
  microphone?: number;
  /** An INVITE went into `WebSocket.send`. */
  invite?: number;
  /** 180 or 183 has arrived. */
  ringing?: number;
  /** 200 has arrived. */
  answered?: number;
  /** The first RTP packet of the phone has arrived. */
  audio?: number;
  /** Final answer to the INVITE. */
  status?: number;
}

export interface Limits {
  /** Milliseconds from the click after which nobody waits for an INVITE any more. */
  invite: number;
  /** And for sound, after the INVITE. */
  audio: number;
}

declare global {
  interface Window {
    seen: Seen;
    /** Resolves when there is sound, or when nobody waits any more. */
    over: Promise<Seen>;
    /** Of the peers' pages. */
    hangUp?: () => void;
  }
}

/** Runs in the page before its scripts. */
export function witness(limits: Limits): void {
  const POLL_MS = 20;
  const seen: Seen = {};
  const connections: RTCPeerConnection[] = [];
  window.seen = seen;
  window.over = new Promise((resolve) => {
    const finish = (): void => {
      clearInterval(timer);
      resolve(seen);
    };
    const timer = setInterval(async () => {
      if (seen.click === undefined) return;
      const now = performance.now();
      if (seen.invite === undefined && now - seen.click > limits.invite) return finish();
      if (seen.invite !== undefined && now - seen.invite > limits.audio) return finish();
      if (seen.status !== undefined && seen.status >= 300) return finish();
      const first = await firstPacket();
      if (first === undefined || seen.audio !== undefined) return;
      seen.audio = first;
      finish();
    }, POLL_MS);
  });

  // The page that is told of the pointer first counts, so that a busy main thread is part of what is measured.
  addEventListener('click', ({ timeStamp }) => (seen.click ??= timeStamp), { capture: true });

  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (typeof data === 'string' && data.startsWith('INVITE ')) seen.invite ??= performance.now();
    send.call(this, data);
  };
  const { WebSocket: Socket, RTCPeerConnection: Connection } = window;
  window.WebSocket = class extends Socket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      this.addEventListener('open', () => (seen.socket ??= performance.now()));
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (typeof data !== 'string' || !/^CSeq: *\d+ +INVITE/im.test(data)) return;
        const status = Number(/^SIP\/2\.0 (\d{3})/.exec(data)?.[1] ?? 0);
        if (status === 180 || status === 183) seen.ringing ??= performance.now();
        if (status === 200) seen.answered ??= performance.now();
        if (status >= 200) seen.status ??= status;
      });
    }
  };
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    seen.asked ??= performance.now();
    const stream = await open(constraints);
    seen.microphone ??= performance.now();
    return stream;
  };
  window.RTCPeerConnection = class extends Connection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };

  /**
   * When the first packet came, however late one looks: the last one's time, and 20 ms for each one before it.
   * The clock of the statistics is set beside the page's by the age of the last packet.
   */
  async function firstPacket(): Promise<number | undefined> {
    const PACKET_MS = 20;
    for (const connection of connections) {
      if (!connection.remoteDescription || connection.signalingState === 'closed') continue;
      for (const receiver of connection.getReceivers()) {
        for (const report of (await receiver.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
          const { type, packetsReceived = 0, lastPacketReceivedTimestamp: last } = report;
          if (type !== 'inbound-rtp' || packetsReceived === 0 || last === undefined) continue;
          return last - performance.timeOrigin - (packetsReceived - 1) * PACKET_MS;
        }
      }
    }
    return undefined;
  }
}
