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

/**
 * Tells when the visitor has changed their mind about the microphone, where the browser tells; nobody is asked for it.
 * @returns ends it
 */
export function watchMicrophonePermission(onChange: () => void): () => void {
  let ended = false;
  let status: PermissionStatus | undefined;
  navigator.permissions?.query({ name: 'microphone' as PermissionName }).then(
    (found) => {
      if (ended) return;
      status = found;
      status.addEventListener('change', onChange);
    },
    () => {},
  );
  return () => {
    ended = true;
    status?.removeEventListener('change', onChange);
  };
}
