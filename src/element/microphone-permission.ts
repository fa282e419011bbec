/** The last answer, which the browser keeps up to date. */
let known: PermissionStatus | undefined;

/** Whether the browser opens the microphone without asking; where it does not tell, it asks. */
export async function microphoneIsGranted(): Promise<boolean> {
  try {
    // Chromium holds every answer for as long as the page lives, so that one is not asked for with each call.
    if (known?.state !== 'granted') {
      known = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    }
    return known.state === 'granted';
  } catch {
    return false;
  }
}
