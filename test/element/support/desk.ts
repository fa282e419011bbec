import type { IncomingCall } from '../../../src/client/incoming-call.js';
import { SautikitClient } from '../../../src/client/sautikit-client.js';

/** A tone for whoever answers: a microphone that needs no permission and is heard. */
function toneStream(): { stream: MediaStream; stop: () => void } {
  const context = new AudioContext();
  const oscillator = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  return { stream: destination.stream, stop: () => void context.close() };
}

/** The far end of the line `sales`, in the same page: it answers, or does what a test wants. */
export class Desk {
  readonly #client = new SautikitClient({ tokenUrl: '/api/desk-token', line: 'sales' });
  readonly #tone = toneStream();
  /** The newest call. */
  call: IncomingCall | undefined;
  /** How many have come in. */
  count = 0;

  /** @param onCall what happens with each call; by default it is answered */
  static async open(onCall?: (call: IncomingCall, desk: Desk) => void): Promise<Desk> {
    const desk = new Desk();
    desk.#client.on('incoming', (call) => {
      desk.call = call;
      desk.count++;
      if (onCall) onCall(call, desk);
      else desk.answer(call);
    });
    await desk.#client.connect();
    return desk;
  }

  answer(call: IncomingCall): void {
    void call.answer({ stream: this.#tone.stream });
  }

  async close(): Promise<void> {
    await this.#client.disconnect();
    this.#tone.stop();
  }
}
