import { SautikitError } from '../errors.js';
import { CallMicrophone } from '../media/call-microphone.js';
import { listDevices, watchDevices, type Device } from '../media/devices.js';
import { watchMicrophonePermission } from '../media/microphone-permission.js';
import { MicrophoneMonitor } from '../media/microphone-monitor.js';
import { Speaker, type SpeakerParts } from '../media/speaker.js';
import { Tones } from '../media/tones.js';

/** What a call speaks into and is heard from, after something was plugged in or out. */
export interface DeviceChange {
  /** Id of the device in use; `undefined` is the system's choice. */
  microphone: string | undefined;
  speaker: string | undefined;
  /** There is no microphone left; the call goes on without, and takes the next one that is plugged in or allowed. */
  microphoneLost: boolean;
}

export interface CallAudioOptions {
  speaker?: SpeakerParts | undefined;
  speakerId?: string | undefined;
  tones?: boolean | undefined;
  /** What sends the microphone, once something does. */
  sender(): RTCRtpSender | undefined;
  onBlocked(blocked: boolean): void;
  onDevices(change: DeviceChange): void;
  onSilence(silent: boolean): void;
  onSpokeMuted(speaking: boolean): void;
}

/** A device's id, where the device is there. */
const there = (devices: readonly Device[], wanted: string | undefined) => devices.find(({ id }) => id === wanted)?.id;
const yes = () => true;
const no = () => false;

/** What is said and heard in one call: its microphone, its speaker, its tones, and what becomes of them as devices come and go. */
export class CallAudio {
  readonly microphone: CallMicrophone;
  readonly speaker: Speaker;
  readonly #options: CallAudioOptions;
  readonly #stopWatching: () => void;
  #stopWatchingPermission: (() => void) | undefined;
  #monitor: MicrophoneMonitor | undefined;
  #ringing: Tones | undefined;
  /** What was chosen; what is in use may be another one, while that is unplugged. */
  readonly #wanted: { microphone: string | undefined; speaker: string | undefined };
  #over = false;

  constructor(options: CallAudioOptions) {
    this.#options = options;
    this.#wanted = { microphone: undefined, speaker: options.speakerId };
    this.speaker = new Speaker(options.onBlocked, options.speaker);
    this.microphone = new CallMicrophone({
      sender: options.sender,
      onStream: (stream) => this.#monitor?.listen(stream),
      onEnded: () => void this.#fallBack(),
    });
    this.#stopWatching = watchDevices(() => void this.#onDevices());
    // A speaker that is gone is no reason not to call.
    if (options.speakerId !== undefined) this.speaker.useDevice(options.speakerId).catch(() => {});
  }

  /** Opens the microphone of a call that begins. @throws {SautikitError} as `openMicrophone` does */
  async open(deviceId: string | undefined): Promise<void> {
    this.#wanted.microphone = deviceId;
    await this.microphone.open(deviceId);
  }

  async useMicrophone(deviceId: string | undefined): Promise<void> {
    if (await this.microphone.change(deviceId)) this.#wanted.microphone = deviceId;
  }

  async useSpeaker(deviceId: string | undefined): Promise<void> {
    try {
      await this.speaker.useDevice(deviceId);
    } catch {
      throw new SautikitError('unsupported');
    }
    this.#wanted.speaker = deviceId;
  }

  /** Makes the audio context, for those who have nothing else to do. */
  prepare(): void {
    if (this.#options.tones) void this.speaker.context;
  }

  /** How loud the microphone is, 0 to 1. The first look begins to listen. */
  get level(): number {
    this.monitor();
    return this.#monitor?.level ?? 0;
  }

  /** Begins to listen to the microphone, until the end of the call. */
  monitor(): void {
    const context = this.#monitor ? undefined : this.speaker.context;
    if (!context) return;
    const { onSilence, onSpokeMuted } = this.#options;
    this.#monitor = new MicrophoneMonitor({ context, muted: () => this.microphone.muted, onSilence, onSpokeMuted });
    this.#monitor.listen(this.microphone.stream);
  }

  /** The far end rings, and the network lets nothing be heard. */
  ring(): void {
    const context = this.#options.tones ? this.speaker.context : undefined;
    if (!context) return;
    this.#ringing ??= new Tones(context);
    this.#ringing.ringback();
  }

  /** There is something better to be heard. */
  stopRinging(): void {
    this.#ringing?.stop();
  }

  /** Gives everything back. @param answered whether there was a call whose end is worth a tone */
  close(answered: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopWatching();
    this.#stopWatchingPermission?.();
    this.stopRinging();
    this.#monitor?.stop();
    this.microphone.close();
    const context = answered && this.#options.tones ? this.speaker.context : undefined;
    this.speaker.close(context && new Tones(context).ended());
  }

  /** Something was plugged in or out: what was chosen is used where it is there, and the system's choice elsewhere. */
  async #onDevices(): Promise<void> {
    const { microphones, speakers } = await listDevices();
    if (this.#over) return;
    const speaker = there(speakers, this.#wanted.speaker);
    const microphone = there(microphones, this.#wanted.microphone);
    let changed = false;
    if (speaker !== this.speaker.deviceId) changed = await this.speaker.useDevice(speaker).then(yes, no);
    const back = microphone !== undefined && microphone !== this.microphone.deviceId;
    if (back || (this.microphone.lost && microphones.length > 0)) {
      changed = (await this.microphone.change(microphone).catch(no)) || changed;
    }
    if (changed) this.#tell();
  }

  /** The microphone's device is gone, or may not be used any more. */
  async #fallBack(): Promise<void> {
    const changed = await this.microphone.change(undefined).catch(no);
    if (this.#over) return;
    // A permission that is given again brings no device with it that would be told of.
    if (this.microphone.lost) this.#stopWatchingPermission ??= watchMicrophonePermission(() => void this.#onDevices());
    if (changed || this.microphone.lost) this.#tell();
  }

  #tell(): void {
    const { microphone, speaker } = this;
    if (this.#over) return;
    this.#options.onDevices({
      microphone: microphone.deviceId,
      speaker: speaker.deviceId,
      microphoneLost: microphone.lost,
    });
  }
}
