import type { Page } from 'puppeteer-core';

/** What becomes of who asks for a microphone: it is opened, it is not there, another program has it, or nothing is answered. */
export type Manner = 'opens' | 'gone' | 'taken' | 'silent';

declare global {
  interface Window {
    microphoneManner: Manner;
    /** Of those who were not answered. */
    answerLate: (() => void)[];
  }
}

/** For a page that is about to be opened, where a fault of the device cannot be made outside of it. */
export async function withMicrophoneThat(page: Page, manner: Manner): Promise<void> {
  await page.evaluateOnNewDocument((first) => {
    window.microphoneManner = first;
    window.answerLate = [];
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const now = window.microphoneManner;
      if (now === 'gone') throw new DOMException('Requested device not found', 'NotFoundError');
      if (now === 'taken') throw new DOMException('Could not start audio source', 'NotReadableError');
      if (now === 'silent') await new Promise<void>((resolve) => window.answerLate.push(resolve));
      return open(constraints);
    };
  }, manner);
}

/** From now on. */
export const microphoneIs = (page: Page, manner: Manner): Promise<void> =>
  page.evaluate((next) => {
    window.microphoneManner = next;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  }, manner);

/** The device of every open microphone goes, as browsers tell it (Media Capture and Streams, section 4.3.1). */
export const unplugInPage = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.microphoneManner = 'gone';
    for (const track of window.witness.tracks.filter(({ readyState }) => readyState === 'live')) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });

/** Those who were kept waiting are answered after all. @returns how many they were */
export const answerLate = (page: Page): Promise<number> =>
  page.evaluate(() => {
    window.microphoneManner = 'opens';
    const waiting = window.answerLate.splice(0);
    for (const answer of waiting) answer();
    return waiting.length;
  });
