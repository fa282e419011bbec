import type { SpeakerParts } from './speaker.js';

/**
 * Makes the parts that play a call, inside a click and before anything is loaded: browsers let a page play sound that a
 * gesture began, and the far end's voice comes seconds later. The element plays a silent stream from now on, so that it
 * counts as begun.
 */
export function makeSpeakerParts(): SpeakerParts {
  const audio = new Audio();
  let context: AudioContext | undefined;
  try {
    context = new AudioContext();
    void context.resume().catch(() => {});
    audio.srcObject = context.createMediaStreamDestination().stream;
    void audio.play().catch(() => {});
  } catch {
    // No audio hardware, or too many contexts: the element alone can still play the call.
  }
  return { audio, context };
}
