import { sendKeys } from '@web/test-runner-commands';

/** A stream that a test makes, and the context behind it. */
export interface MadeStream {
  context: AudioContext;
  stream: MediaStream;
  /** How loud the tone is, 0 to 1. */
  set volume(volume: number);
  close(): Promise<void>;
}

/** A tone, or nothing at all where the volume is 0: a microphone that needs no permission. */
export function makeStream(volume: number): MadeStream {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency: 300 });
  const gain = new GainNode(context, { gain: volume });
  const destination = context.createMediaStreamDestination();
  oscillator.connect(gain).connect(destination);
  oscillator.start();
  return {
    context,
    stream: destination.stream,
    set volume(next: number) {
      gain.gain.value = next;
    },
    close: () => context.close(),
  };
}

/**
 * Whether audio contexts run here; ask before any is made. A call begins with a click, and browsers let no context run
 * without, so a key is pressed first. Firefox on a machine without any audio device keeps every context suspended; what
 * needs sound to be made is then shown by Chromium, and Firefox shows what a suspended context must not be taken for.
 */
export async function contextsRun(): Promise<boolean> {
  await sendKeys({ press: 'a' });
  const context = new AudioContext();
  const started = context.resume().then(() => true);
  const patience = new Promise<boolean>((resolve) => setTimeout(resolve, 1_000, false));
  const runs = await Promise.race([started, patience]);
  started.catch(() => {});
  await context.close();
  if (!runs && 'chrome' in globalThis) throw new Error('Chromium should run contexts after a gesture');
  return runs;
}
