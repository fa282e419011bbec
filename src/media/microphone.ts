import { SautikitError, type ErrorCode } from '../errors.js';
import { hasNoOrigin, policyForbids } from '../page-policy.js';
import { microphoneIsGranted } from './microphone-permission.js';

/** What a voice call asks of a microphone. */
const VOICE: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** How long a microphone may take to start for which nobody has to be asked (ms): a driver that hangs never says so. */
const START_LIMIT = 10_000;

/** After a refusal: whether the page, or a frame around it, keeps the microphone from us, so that the caller was never asked. */
async function isWithheld(): Promise<boolean> {
  const forbidden = policyForbids('microphone');
  if (forbidden !== undefined) return forbidden;
  try {
    // To such a page no microphone is shown at all; after a refusal it is, without a name (Media Capture, section 9.2).
    return !(await navigator.mediaDevices.enumerateDevices()).some(({ kind }) => kind === 'audioinput');
  } catch {
    return false;
  }
}

/** After a refusal: whether the browser will ask again, which decides what the caller can do about it. */
async function refusal(error: Error): Promise<ErrorCode> {
  // The words are Chromium's, for an operating system that keeps the microphone from the whole browser.
  if (/system/i.test(error.message)) return 'mic-blocked';
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

/** Of the browser's own words the developer learns neither what is missing nor where, and no visitor can mend it. */
function withheld(): SautikitError {
  const frame = window === window.parent ? '' : 'the iframe around it needs allow="microphone", and ';
  const missing = hasNoOrigin()
    ? 'a sandboxed frame has no origin without sandbox="allow-scripts allow-same-origin"'
    : `${frame}a header Permissions-Policy needs microphone=(self)`;
  // eslint-disable-next-line no-console -- it is told once a click, and a page without `debug` needs it most
  console.error(`sautikit: this document may not use the microphone: ${missing}.`);
  return new SautikitError('mic-blocked', { responsible: 'owner' });
}

/** Waits for as long as the visitor is asked, but no longer than `START_LIMIT` where nobody is. */
async function started(opening: Promise<MediaStream>): Promise<MediaStream> {
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    void microphoneIsGranted().then((granted) => {
      // The name that browsers give to a device which does not start, too (Media Capture and Streams, section 10.3).
      if (granted && !over) timer = setTimeout(() => reject(new DOMException('', 'AbortError')), START_LIMIT);
    });
  });
  try {
    return await Promise.race([opening, limit]);
  } catch (error) {
    // One that comes after all is given back.
    opening.then(closeMicrophone, () => {});
    throw error;
  } finally {
    over = true;
    clearTimeout(timer);
  }
}

/**
 * Opens the microphone (Media Capture and Streams, section 10.3).
 *
 * @throws {SautikitError} `insecure-context`, `unsupported`, or one of the `mic-…` codes
 */
export async function openMicrophone(deviceId?: string): Promise<MediaStream> {
  if (!isSecureContext) throw new SautikitError('insecure-context');
  // Before an endpoint can refuse a page without an origin, which would say less.
  if (hasNoOrigin()) throw withheld();
  if (!navigator.mediaDevices?.getUserMedia) throw new SautikitError('unsupported');
  const audio = deviceId ? { ...VOICE, deviceId: { exact: deviceId } } : VOICE;
  try {
    return await started(navigator.mediaDevices.getUserMedia({ audio, video: false }));
  } catch (error) {
    const refused = (error as Error | undefined)?.name === 'NotAllowedError';
    throw refused && (await isWithheld()) ? withheld() : new SautikitError(await explain(error));
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
