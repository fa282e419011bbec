/** A microphone or a speaker that can be chosen. */
export interface Device {
  /** Stable for this site as long as its permission stands; another one for every other site. */
  id: string;
  /** The system's name for it; empty where the browser does not tell. */
  label: string;
}

export interface Devices {
  microphones: Device[];
  /** Empty where this browser cannot choose a speaker. */
  speakers: Device[];
}

/** Chromium's own entries: the system's choice under a name of its own, beside the very device that it stands for. */
const ALIASES: readonly string[] = ['default', 'communications'];

/** Whether a page may choose where it is heard (Audio Output Devices API); Safari on iPhones cannot. */
export const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype;

/**
 * What can be chosen besides the system's choice. Before the microphone was allowed, browsers name no device and the
 * lists are empty. Never rejects.
 */
export async function listDevices(): Promise<Devices> {
  const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const of = (wanted: MediaDeviceKind): Device[] => {
    const named = all.filter(({ kind, deviceId }) => kind === wanted && deviceId !== '');
    const real = named.filter(({ deviceId }) => !ALIASES.includes(deviceId));
    // Where there is nothing but the alias, it still says that there is a device.
    return (real.length > 0 ? real : named.slice(0, 1)).map(({ deviceId, label }) => ({ id: deviceId, label }));
  };
  return { microphones: of('audioinput'), speakers: canChooseSpeaker() ? of('audiooutput') : [] };
}

/**
 * Tells when something was plugged in or out.
 * @returns ends it
 */
export function watchDevices(onChange: () => void): () => void {
  const { mediaDevices } = navigator;
  mediaDevices?.addEventListener('devicechange', onChange);
  return () => mediaDevices?.removeEventListener('devicechange', onChange);
}
