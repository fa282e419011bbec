/** Whether the browser opens the microphone without asking; where it does not tell, it asks. */
export async function microphoneIsGranted(): Promise<boolean> {
  try {
    const { state } = await navigator.permissions.query({ name: 'microphone' as PermissionName });
    return state === 'granted';
  } catch {
    return false;
  }
}
