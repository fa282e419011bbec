/** How long the caller waits for the echo of a word (s). */
const ECHO_DELAY = 0.5;
/** Less than what came in, so that a loudspeaker beside a microphone does not build up a howl. */
const ECHO_GAIN = 0.7;
const RING_GAIN = 0.05;
/** Pitch of the ringing tone (Hz), and when it sounds in each round (s). */
const RING_PITCH = 425;
const RING_ROUND = 3;
const RING_BURSTS = [
  [0, 0.4],
  [0.6, 1],
] as const;
/** How softly each burst begins and ends (s); a hard edge clicks. */
const RING_EDGE = 0.02;
/** What a level meter shows as nothing (dB below full scale). */
const FLOOR = -55;

/** Reads the greeting; `undefined` where it cannot be had, and then the echo greets alone. */
export async function loadGreeting(): Promise<AudioBuffer | undefined> {
  try {
    const response = await fetch(new URL('../assets/greeting.wav', import.meta.url));
    // An offline context decodes without asking for permission to play.
    return await new OfflineAudioContext(1, 1, 44_100).decodeAudioData(await response.arrayBuffer());
  } catch {
    return undefined;
  }
}

/** Everything that one call sounds like at the desk, in one audio context that is closed with the call. */
export class DeskSound {
  readonly #context = new AudioContext();
  #bell: AudioBufferSourceNode | undefined;
  #voice: MediaStreamAudioDestinationNode | undefined;

  /** @param onChange told when the browser lets this page play sound, or stops it */
  constructor(onChange: () => void) {
    this.#context.addEventListener('statechange', onChange);
    this.allow();
  }

  /** True until the browser lets this page play sound: after a click in it, or in the page around it. */
  get silenced(): boolean {
    return this.#context.state !== 'running' && this.#context.state !== 'closed';
  }

  /** Asks for sound (again); inside a gesture the answer is yes. */
  allow(): void {
    void this.#context.resume().catch(() => {});
  }

  ring(): void {
    const bell = this.#context.createBufferSource();
    bell.buffer = ringTone(this.#context);
    bell.loop = true;
    bell.connect(this.#context.destination);
    bell.start();
    this.#bell = bell;
  }

  stopRinging(): void {
    this.#bell?.stop();
    this.#bell?.disconnect();
    this.#bell = undefined;
  }

  /** What the desk says when it answers by itself: silence, until `greet` and `echo` put something in. */
  get voice(): MediaStream {
    this.#voice ??= this.#context.createMediaStreamDestination();
    return this.#voice.stream;
  }

  /** Says the greeting; resolves when it is over. */
  greet(greeting: AudioBuffer): Promise<void> {
    return new Promise((resolve) => {
      const source = this.#context.createBufferSource();
      source.buffer = greeting;
      source.addEventListener('ended', () => resolve());
      this.#speak(source);
      source.start();
    });
  }

  /** Says again what the caller says, from now on. */
  echo(caller: MediaStream): void {
    const delay = this.#context.createDelay(ECHO_DELAY);
    delay.delayTime.value = ECHO_DELAY;
    const gain = this.#context.createGain();
    gain.gain.value = ECHO_GAIN;
    this.#context.createMediaStreamSource(caller).connect(delay).connect(gain);
    this.#speak(gain);
  }

  /** @returns a function that says how loud a stream is at the moment, 0 to 1 */
  meter(stream: MediaStream): () => number {
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    return () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power)) / FLOOR));
    };
  }

  /** Gives everything back: nodes, tracks and context. */
  close(): void {
    this.stopRinging();
    for (const track of this.#voice?.stream.getTracks() ?? []) track.stop();
    void this.#context.close().catch(() => {});
  }

  #speak(node: AudioNode): void {
    this.#voice ??= this.#context.createMediaStreamDestination();
    node.connect(this.#voice);
  }
}

/** One round of ringing, to be played in a loop. */
function ringTone(context: AudioContext): AudioBuffer {
  const { sampleRate } = context;
  const buffer = context.createBuffer(1, RING_ROUND * sampleRate, sampleRate);
  const samples = buffer.getChannelData(0);
  for (const [from, to] of RING_BURSTS) {
    for (let at = Math.round(from * sampleRate); at < to * sampleRate; at++) {
      const time = at / sampleRate;
      const edge = Math.min(1, (time - from) / RING_EDGE, (to - time) / RING_EDGE);
      samples[at] = RING_GAIN * edge * Math.sin(2 * Math.PI * RING_PITCH * time);
    }
  }
  return buffer;
}
