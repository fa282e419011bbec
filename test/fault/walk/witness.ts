import type { EventDetail } from '../../../src/element/events.js';

/** What a window has seen, beside the product and unknown to it. */
export interface WalkWitness {
  peers: RTCPeerConnection[];
  /** From microphones, copies of them, and what else was made to be sent or played. */
  tracks: MediaStreamTrack[];
  sockets: WebSocket[];
  /** Exceptions and rejections that nobody caught, and what the product called an error in the console. */
  errors: string[];
  events: WalkEvent[];
  /** Promises of the public API. */
  promises: { what: string; settled: boolean; rejected: boolean }[];
  /** What the browser does when it is asked for the microphone. */
  microphone: 'given' | 'slow' | 'silent' | 'NotAllowedError' | 'NotReadableError' | 'NotFoundError';
  /** Those to whom the browser has not answered yet. */
  waiting: (() => void)[];
}

export interface WalkEvent {
  name: string;
  element: EventTarget;
  detail: Partial<EventDetail<'sautikit-state-change'> & EventDetail<'sautikit-call-ended'>>;
}

declare global {
  interface Window {
    walkWitness: WalkWitness;
  }
}

/** Runs in each window before its scripts. */
export function walkWitness(): void {
  const seen: WalkWitness = {
    peers: [],
    tracks: [],
    sockets: [],
    errors: [],
    events: [],
    promises: [],
    microphone: 'given',
    waiting: [],
  };
  window.walkWitness = seen;
  addEventListener('error', ({ message }) => seen.errors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => seen.errors.push(`nobody caught ${reason}`));
  const { error } = console;
  console.error = (...args: unknown[]) => {
    // Some steps take the one attribute away that is needed, and this is how the developer is told.
    if (!/needs the attribute token-url/.test(args.join(' '))) seen.errors.push(args.join(' '));
    error(...args);
  };

  const { RTCPeerConnection: Peer, WebSocket: Socket } = window;
  window.RTCPeerConnection = class extends Peer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      seen.peers.push(this);
    }
  };
  window.WebSocket = class extends Socket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      seen.sockets.push(this);
    }
  };
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    seen.tracks.push(copy);
    return copy;
  };
  const { createMediaStreamDestination } = AudioContext.prototype;
  AudioContext.prototype.createMediaStreamDestination = function () {
    const destination = createMediaStreamDestination.call(this);
    seen.tracks.push(...destination.stream.getTracks());
    return destination;
  };
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const { microphone } = seen;
    if (microphone === 'slow') await new Promise((resolve) => setTimeout(resolve, 150));
    else if (microphone === 'silent') await new Promise<void>((resolve) => seen.waiting.push(resolve));
    else if (microphone !== 'given') throw new DOMException('made up', microphone);
    const stream = await open(constraints);
    seen.tracks.push(...stream.getTracks());
    return stream;
  };
}
