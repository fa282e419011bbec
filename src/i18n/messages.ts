/** Everything that is said, in one language. `{…}` is filled in; see `words.ts`. */
export interface Messages {
  // States.
  preparing: string;
  /** Before the browser asks. */
  allowMicrophone: string;
  /** Why that is safe, said with it. */
  microphoneUse: string;
  dialing: string;
  ringing: string;
  active: string;
  held: string;
  reconnecting: string;
  ending: string;
  ended: string;
  /** `{time}`: how long the call was. */
  lasted: string;
  cancelled: string;
  /** Keys are the plural categories of `Intl.PluralRules`; `other` is always there, `#` is the number. */
  secondsLeft: Plural;
  /** `{when}`: a weekday and a time, in the visitor's own time zone. */
  opensAt: string;

  // Controls.
  mute: string;
  muted: string;
  unmuted: string;
  keypad: string;
  star: string;
  hash: string;
  /** Name of the digits that the caller has pressed so far. */
  typed: string;
  /** Why keypad and sound cannot be opened yet. */
  onceConnected: string;
  hangup: string;
  /** Hides the panel; the call goes on. */
  close: string;
  callAgain: string;
  hear: string;
  ownWindow: string;
  /** Why one may want that. */
  ownWindowHint: string;

  // Devices.
  devices: string;
  /** The same, in one short word below a button. */
  sound: string;
  microphone: string;
  speaker: string;
  /** What the system has chosen. */
  systemDefault: string;
  /** `{n}`: a device without a name. */
  unnamed: string;
  testMicrophone: string;
  speakNow: string;
  playingBack: string;
  level: string;
  notHeard: string;
  speakingMuted: string;
  /** A device came or went, and another one is used. */
  deviceChanged: string;

  // Quality of the network.
  good: string;
  fair: string;
  poor: string;

  // Ways out.
  openInBrowser: string;
  copyLink: string;
  copied: string;
  scan: string;
  stepsChromium: string;
  stepsFirefox: string;
  stepsSafari: string;
  stepsAndroid: string;
  stepsIos: string;

  // What went wrong, and what to do: see `error-texts.ts`.
  notAllowed: string;
  notReached: string;
  notSetUp: string;
  closed: string;
  tooMany: string;
  human: string;
  noMicrophone: string;
  microphoneMissing: string;
  microphoneBusy: string;
  soundHeld: string;
  unsupported: string;
  offline: string;
  busy: string;
  noAnswer: string;
  declined: string;
  timeLimit: string;
  wrong: string;
  noSound: string;
  lost: string;
  elsewhere: string;
  again: string;
  later: string;
  reload: string;
  anotherWay: string;
  checkNetwork: string;
  allowAndAgain: string;
  systemSettings: string;
  plugIn: string;
  closeOther: string;
  secure: string;
  otherBrowser: string;
  whenOpen: string;
  hangUpOther: string;
}

export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
