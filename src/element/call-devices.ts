import type { OutgoingCall } from '../client/outgoing-call.js';
import { deviceChoice } from '../media/device-choice.js';
import { listDevices, watchDevices } from '../media/devices.js';
import { MicrophoneTest } from '../media/microphone-test.js';
import type { CallView } from './call-view.js';
import type { ButtonElement } from './facade-port.js';

/** How often the level meter moves (ms). */
const METER = 100;

/** What the caller sees and does about microphone and speaker: the choice, the level meter, the test. */
export class CallDevices {
  readonly #element: ButtonElement;
  readonly #view: CallView;
  readonly #call: () => OutgoingCall | undefined;
  readonly #test = new MicrophoneTest((microphoneTest) => this.#view.update({ microphoneTest }));
  #meter: ReturnType<typeof setInterval> | undefined;
  #stopWatching: (() => void) | undefined;

  /** @param call the call of this moment, where there is one */
  constructor(element: ButtonElement, view: CallView, call: () => OutgoingCall | undefined) {
    this.#element = element;
    this.#view = view;
    this.#call = call;
  }

  /** Options of the next call. */
  get chosen(): { microphoneId?: string; speakerId?: string } {
    deviceChoice.load(this.#remember);
    const { microphone, speaker } = deviceChoice;
    return {
      ...(microphone !== undefined && { microphoneId: microphone }),
      ...(speaker !== undefined && { speakerId: speaker }),
    };
  }

  /** The pane was opened: what can be chosen is shown, and followed while it is there. */
  show(): void {
    this.#stopWatching ??= watchDevices(() => void this.refresh());
    this.#meter ??= setInterval(() => this.#view.setLevel(this.#call()?.inputLevel ?? 0), METER);
    void this.refresh();
  }

  hide(): void {
    this.#test.stop();
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    clearInterval(this.#meter);
    this.#meter = undefined;
  }

  async refresh(): Promise<void> {
    const devices = await listDevices();
    const { microphone, speaker } = deviceChoice;
    this.#view.update({ devices: { ...devices, microphone, speaker } });
  }

  async chooseMicrophone(id: string | undefined): Promise<void> {
    await this.#choose('microphone', id, () => this.#call()?.useMicrophone(id));
  }

  async chooseSpeaker(id: string | undefined): Promise<void> {
    await this.#choose('speaker', id, () => this.#call()?.useSpeaker(id));
  }

  async #choose(
    kind: 'microphone' | 'speaker',
    id: string | undefined,
    use: () => Promise<void> | undefined,
  ): Promise<void> {
    try {
      await use();
      deviceChoice.choose(kind, id, this.#remember);
    } catch {
      // The one before goes on. What the caller sees is what was picked, so it is drawn once as that, and then as it is.
      const { devices } = this.#view.model;
      if (devices) this.#view.update({ devices: { ...devices, [kind]: id } });
    }
    await this.refresh();
  }

  /** Within a call, too: the far end hears what is said, as ever. */
  async test(): Promise<void> {
    if (this.#view.model.microphoneTest) return this.#test.stop();
    const { microphone, speaker } = deviceChoice;
    await this.#test.start(microphone, speaker).catch(() => this.#test.stop());
    await this.refresh();
  }

  get #remember(): boolean {
    return this.#element.hasAttribute('remember-devices');
  }
}
