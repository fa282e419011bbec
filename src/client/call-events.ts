import type { CallState } from '../call/call-machine.js';
import type { ErrorCode, Responsible, SautikitError, Tried } from '../errors.js';
import type { Log } from '../log.js';
import type { Peer } from '../media/peer.js';
import type { CallQuality } from '../media/quality.js';
import type { SpeakerParts } from '../media/speaker.js';
import type { Grant } from '../token/token-grant.js';
import type { DeviceChange } from './call-audio.js';
import type { CallTimings } from './call-timings.js';

/** `completed` was answered; `cancelled` was hung up on before; `failed` says why in `code`. */
export type CallOutcome = 'completed' | 'cancelled' | 'failed';

export interface CallResult {
  outcome: CallOutcome;
  /** With `failed` always; with `completed` where something ended the call (`time-limit`). */
  code?: ErrorCode;
  /** With a code: who can mend it. */
  responsible?: Responsible;
  /** With `failed`: what was tried. */
  tried?: Tried;
  /** Seconds from the answer to the end, 0 where nobody answered. */
  durationSeconds: number;
  timings: CallTimings;
}

export interface CallEvents {
  /** The state changed; see the call machine. */
  state: { from: CallState; to: CallState };
  dialing: void;
  ringing: void;
  answered: void;
  /** The call is over and did not fail. */
  ended: CallResult;
  /** The call is over and failed. */
  failed: SautikitError;
  /** The microphone is muted, or not any more. */
  mute: boolean;
  /** The far end holds the call, or took it up again. */
  hold: boolean;
  /** The call is being brought back after its connection went away, or is back. */
  reconnecting: boolean;
  /** The browser refuses to play the far end until a gesture, or plays it after all. */
  audioblocked: boolean;
  /** The microphone gives nothing but digital silence for some seconds while unmuted, or something again. */
  silence: boolean;
  /** Somebody speaks into the muted microphone, or not any more. */
  spokemuted: boolean;
  /** Plugging in or out has changed what is spoken into, or heard from. */
  devicechanged: DeviceChange;
  /** How well the two ends hear each other has changed; once at the beginning, some seconds after the answer. */
  quality: CallQuality;
}

export interface CallOptions {
  /** What it is known by, here and on the wire; a new one by default. */
  id?: string | undefined;
  /** When it was begun, on the clock of `performance.now()`; now by default. */
  began?: number | undefined;
  /** Parts that were made inside the click; made here otherwise. */
  speaker?: SpeakerParts | undefined;
  /** Speaks instead of the microphone, for instance a recording; its owner stops it. */
  stream?: MediaStream | undefined;
  /** Device to be heard from; the system's choice where it is absent, gone, or not to be chosen in this browser. */
  speakerId?: string | undefined;
  /** Ringing tone while the far end rings and the network plays none, and a tone at the end of an answered call. Default false. */
  tones?: boolean | undefined;
  /** The connection for a grant, new or begun ahead; the call closes it. @throws where the browser takes no such ICE servers */
  makePeer(grant: Grant): Peer;
  log: Log;
}
