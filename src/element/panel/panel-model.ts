import type { CallState } from '../../call/call-machine.js';
import type { ErrorCode } from '../../errors.js';
import type { TextKey } from '../../i18n/words.js';

/** What can be opened below the status. */
export type Pane = 'keypad' | 'devices';

export type QualityLevel = 'good' | 'fair' | 'poor';

export interface DeviceOption {
  id: string;
  /** Empty where the browser does not tell. */
  label: string;
}

/** What can be chosen; `undefined` stands for the system's choice. */
export interface DeviceOptions {
  microphones: readonly DeviceOption[];
  /** Empty where the browser cannot choose a speaker (no `setSinkId`). */
  speakers: readonly DeviceOption[];
  microphone: string | undefined;
  speaker: string | undefined;
}

/** What leads out of a failure that the caller cannot mend by calling again. */
export interface WayOut {
  /** Where this very browser keeps the microphone's permission. */
  steps?: TextKey;
  /** Address of this page, to copy. */
  link?: string;
  /** Opens this page in the system's browser. */
  openInBrowser?: string;
  /** QR code of the link: an SVG path in a square of so many units. */
  code?: { path: string; size: number };
}

/** Everything that the panel shows. */
export interface PanelModel {
  state: CallState;
  /** Seconds since the answer. */
  seconds: number;
  /** Seconds until the gateway ends the call, where that is near. */
  secondsLeft: number | undefined;
  muted: boolean;
  held: boolean;
  reconnecting: boolean;
  audioBlocked: boolean;
  /** The browser is going to ask for the microphone, or asks. */
  prompting: boolean;
  error: ErrorCode | undefined;
  opensAt: Date | undefined;
  cancelled: boolean;
  pane: Pane | undefined;
  /** Digits sent so far. */
  digits: string;
  /** Of the network, where it is known. */
  quality: QualityLevel | undefined;
  /** Something that the caller should know, without the state being another one. */
  notice: 'notHeard' | 'speakingMuted' | 'deviceChanged' | undefined;
  devices: DeviceOptions | undefined;
  microphoneTest: 'recording' | 'playing' | undefined;
  wayOut: WayOut | undefined;
  linkCopied: boolean;
  /** Whether the call can go on in a window of its own. */
  movable: boolean;
}

export interface PanelActions {
  hangup(): void;
  toggleMute(): void;
  togglePane(pane: Pane): void;
  sendDigit(digit: string): void;
  hear(): void;
  callAgain(): void;
  close(): void;
  chooseMicrophone(id: string | undefined): void;
  chooseSpeaker(id: string | undefined): void;
  testMicrophone(): void;
  copyLink(): void;
  ownWindow(): void;
}

/** What the owner leaves out, or wants otherwise; from the element's attributes. */
export interface PanelOptions {
  mute: boolean;
  keypad: boolean;
  devices: boolean;
  popover: boolean;
}

/** The panel says how long a call may still last from here on (s). */
export const NEAR_THE_END = 60;

export const newPanelModel = (): PanelModel => ({
  state: 'idle',
  seconds: 0,
  secondsLeft: undefined,
  muted: false,
  held: false,
  reconnecting: false,
  audioBlocked: false,
  prompting: false,
  error: undefined,
  opensAt: undefined,
  cancelled: false,
  pane: undefined,
  digits: '',
  quality: undefined,
  notice: undefined,
  devices: undefined,
  microphoneTest: undefined,
  wayOut: undefined,
  linkCopied: false,
  movable: false,
});
