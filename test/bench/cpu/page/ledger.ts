/** What a page has opened and not given back, by kind. */
export interface Open {
  peerConnections: number;
  liveTracks: number;
  sockets: number;
  audioContexts: number;
  intervals: number;
  timeouts: number;
  frameRequests: number;
  objectUrls: number;
  domNodes: number;
  /** Of `performance.mark`; resources and long frames are the browser's own notes, of which it keeps some 200 each. */
  marks: number;
}

export interface Ledger {
  open(): Open;
  /** How many there have ever been: what nobody made cannot be left over. */
  made: { peerConnections: number; tracks: number; sockets: number; audioContexts: number };
}

declare global {
  interface Window {
    ledger: Ledger;
  }
}

/**
 * Keeps a ledger of what is opened, from before any script of the page. What is open is held here, so that it is counted
 * even where the page has forgotten it; what is closed is let go with the next count. Runs in the page.
 */
export function keepLedger(): void {
  const peers = new Set<RTCPeerConnection>();
  const tracks = new Set<MediaStreamTrack>();
  const sockets = new Set<WebSocket>();
  const contexts = new Set<AudioContext>();
  const made = { peerConnections: 0, tracks: 0, sockets: 0, audioContexts: 0 };

  // By a proxy, so that prototypes stay what they are: those are what the debugger finds instances by.
  const watched = <T extends object, C extends new (...args: never[]) => T>(
    constructor: C,
    opened: Set<T>,
    name: keyof typeof made,
  ): C =>
    new Proxy(constructor, {
      construct(target, args, as) {
        const instance = Reflect.construct(target, args, as) as T;
        made[name] += 1;
        opened.add(instance);
        return instance;
      },
    });
  window.RTCPeerConnection = watched(RTCPeerConnection, peers, 'peerConnections');
  window.WebSocket = watched(WebSocket, sockets, 'sockets');
  window.AudioContext = watched(AudioContext, contexts, 'audioContexts');

  const take = (track: MediaStreamTrack): MediaStreamTrack => {
    made.tracks += 1;
    tracks.add(track);
    return track;
  };
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (constraints) {
    const stream = await getUserMedia.call(this, constraints);
    stream.getTracks().forEach(take);
    return stream;
  };
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function () {
    return take(clone.call(this));
  };

  const intervals = new Set<number>();
  const timeouts = new Set<number>();
  const frames = new Set<number>();
  const { setInterval, clearInterval, setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame } = window;
  const begin = (handler: TimerHandler, delay?: number, ...args: unknown[]): number => {
    const id = setTimeout(
      (...given: unknown[]) => {
        timeouts.delete(id);
        if (typeof handler === 'function') (handler as (...args: unknown[]) => void)(...given);
      },
      delay,
      ...args,
    );
    timeouts.add(id);
    return id;
  };
  const repeat = (handler: TimerHandler, delay?: number, ...args: unknown[]): number => {
    const id = setInterval(handler, delay, ...args);
    intervals.add(id);
    return id;
  };
  // One set of numbers serves both: either function clears either timer (HTML section 8.7).
  const clear = (end: (id?: number) => void) => (id?: number) => {
    if (id !== undefined) {
      intervals.delete(id);
      timeouts.delete(id);
    }
    end(id);
  };
  Object.assign(window, {
    setTimeout: begin,
    setInterval: repeat,
    clearTimeout: clear(clearTimeout.bind(window)),
    clearInterval: clear(clearInterval.bind(window)),
    requestAnimationFrame: (callback: FrameRequestCallback) => {
      const id = requestAnimationFrame((time) => {
        frames.delete(id);
        callback(time);
      });
      frames.add(id);
      return id;
    },
    cancelAnimationFrame: (id: number) => {
      frames.delete(id);
      cancelAnimationFrame(id);
    },
  });

  const urls = new Set<string>();
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (object) => {
    const url = createObjectURL.call(URL, object);
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    urls.delete(url);
    revokeObjectURL.call(URL, url);
  };

  const nodesIn = (root: Node): number => {
    let count = 1;
    if (root instanceof Element && root.shadowRoot) count += nodesIn(root.shadowRoot);
    for (const child of root.childNodes) count += nodesIn(child);
    return count;
  };
  const left = <T>(opened: Set<T>, isOpen: (one: T) => boolean): number => {
    for (const one of opened) if (!isOpen(one)) opened.delete(one);
    return opened.size;
  };
  window.ledger = {
    made,
    open: () => ({
      peerConnections: left(peers, ({ signalingState }) => signalingState !== 'closed'),
      liveTracks: left(tracks, ({ readyState }) => readyState === 'live'),
      sockets: left(sockets, ({ readyState }) => readyState !== WebSocket.CLOSED),
      audioContexts: left(contexts, ({ state }) => state !== 'closed'),
      intervals: intervals.size,
      timeouts: timeouts.size,
      frameRequests: frames.size,
      objectUrls: urls.size,
      domNodes: nodesIn(document),
      marks: performance.getEntriesByType('mark').length,
    }),
  };
}
