import { existsSync } from 'node:fs';

const first = (paths) => paths.find((path) => existsSync(path));

/** Where the browsers are: named by the environment, or where Debian puts them. */
export const chromiumPath = () =>
  process.env.CHROMIUM ?? first(['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']);
export const firefoxPath = () => process.env.FIREFOX ?? first(['/usr/bin/firefox-esr', '/usr/bin/firefox']);

/**
 * Options that make a browser fit for calls in tests: made-up microphones, no permission prompt, media on loopback, any
 * certificate, and no chatter of its own.
 */
export function browsers() {
  return {
    chromium: {
      executablePath: chromiumPath(),
      headless: true,
      args: [
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--ignore-certificate-errors',
        '--allow-loopback-in-peer-connection',
        '--autoplay-policy=user-gesture-required',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    firefox: {
      browser: 'firefox',
      executablePath: firefoxPath(),
      headless: true,
      acceptInsecureCerts: true,
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
        'media.peerconnection.ice.loopback': true,
        // A made-up microphone does not count as one, so Firefox would go on hiding its addresses behind `.local` names,
        // and nobody on this machine answers for those.
        'media.peerconnection.ice.obfuscate_host_addresses': false,
      },
    },
  };
}
