import type { Page } from 'puppeteer-core';
import type { Visitor } from '../../support/visitor.js';

declare global {
  interface Window {
    /** The visitor allows the microphone. */
    allowMicrophone?: () => void;
  }
}

/** For a page that is about to be opened: its browser asks for the microphone, and waits for `allow()`. */
export async function asksForMicrophone(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const { mediaDevices, permissions } = navigator;
    const query = permissions.query.bind(permissions);
    // A browser that asks has not been told yet, whatever the one that makes up the microphone says.
    const asking = Object.assign(new EventTarget(), { name: 'microphone', state: 'prompt', onchange: null });
    permissions.query = async (wanted) =>
      (wanted.name as string) === 'microphone' ? (asking as PermissionStatus) : query(wanted);
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    const allowed = new Promise<void>((resolve) => {
      window.allowMicrophone = () => {
        asking.state = 'granted';
        resolve();
      };
    });
    mediaDevices.getUserMedia = async (constraints) => {
      await allowed;
      return open(constraints);
    };
  });
}

/** The visitor answers the question. */
export async function allow(page: Page): Promise<void> {
  await page.evaluate(() => window.allowMicrophone?.());
}

/** The pointer comes to rest on the button: a socket opens where the page names the gateway, and no grant is asked for yet. */
export async function intends(visitor: Visitor): Promise<void> {
  await (await visitor.part('button')).hover();
}
