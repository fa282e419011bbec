import type { LaunchOptions } from 'puppeteer-core';
import { findProgram } from '../../demo/stack/processes.js';

/** Where the browsers are: named by the environment, or found. */
export const chromiumPath = (): string | undefined =>
  process.env['CHROMIUM'] ?? findProgram('chromium') ?? findProgram('google-chrome');
export const firefoxPath = (): string | undefined =>
  process.env['FIREFOX'] ?? findProgram('firefox-esr') ?? findProgram('firefox');

export type BrowserName = 'chromium' | 'firefox';

/**
 * Options that make a browser fit for calls in tests: made-up microphones, no permission prompt, media on loopback, any
 * certificate, and no chatter of its own.
 */
export function launchOptions(name: BrowserName): LaunchOptions {
  if (name === 'chromium') {
    return {
      executablePath: chromiumPath()!,
      headless: true,
      args: [
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--ignore-certificate-errors',
        '--allow-loopback-in-peer-connection',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    };
  }
  return {
    browser: 'firefox',
    executablePath: firefoxPath()!,
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
  };
}
