import { SautikitError, type ErrorCode } from '../errors.js';

/** What a voice call asks of a microphone. */
const VOICE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Chromium's and Firefox's way to say that a page of ours may not even ask (Permissions Policy). */
function policyForbids(): boolean {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return policy?.allowsFeature('microphone') === false;
}

/** After a refusal: whether the browser will ask again, which decides what the caller can do about it. */
async function refusal(error: Error): Promise<ErrorCode> {
  // The words are Chromium's, for an operating system that keeps the microphone from the whole browser.
  if (/system/i.test(error.message) || policyForbids()) return 'mic-blocked';
  try {
    const { state } = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    return state === 'denied' ? 'mic-denied' : 'mic-dismissed';
  } catch {
    // A browser that cannot tell: the caller is told how to allow the microphone.
    return 'mic-denied';
  }
}

async function explain(error: unknown): Promise<ErrorCode> {
  // By name, not by class: Firefox rejects with a `MediaStreamError` of its own, which is no DOMException.
  switch ((error as Error | undefined)?.name) {
    case 'TypeError':
      return 'unsupported';
    case 'NotAllowedError':
      return refusal(error as Error);
    case 'SecurityError':
      return 'mic-blocked';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'mic-missing';
    default:
      // NotReadableError and AbortError: the device is there and does not start, most often since it is taken.
      return 'mic-busy';
  }
}

/**
 * Opens the microphone (Media Capture and Streams, section 10.3).
 *
 * @throws {SautikitError} `insecure-context`, `unsupported`, or one of the `mic-…` codes
 */
export async function openMicrophone(deviceId?: string): Promise<MediaStream> {
  if (!isSecureContext) throw new SautikitError('insecure-context');
  if (!navigator.mediaDevices?.getUserMedia) throw new SautikitError('unsupported');
  const audio = deviceId ? { ...VOICE, deviceId: { exact: deviceId } } : VOICE;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio, video: false });
  } catch (error) {
    throw new SautikitError(await explain(error));
  }
}

/**
 * Opens the microphone that was chosen, or the system's choice where that one is gone: a headset left at home is no reason
 * not to call.
 * @throws {SautikitError} as `openMicrophone` does
 */
export async function openChosenMicrophone(
  deviceId: string | undefined,
): Promise<{ stream: MediaStream; deviceId: string | undefined }> {
  try {
    return { stream: await openMicrophone(deviceId), deviceId };
  } catch (error) {
    if (deviceId === undefined || (error as SautikitError).code !== 'mic-missing') throw error;
    return { stream: await openMicrophone(), deviceId: undefined };
  }
}

/** Gives the microphone back; the browser's recording sign goes out. */
export function closeMicrophone(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
