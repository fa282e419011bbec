import type { Look } from '../a11y/support/faces-page.js';

/** Of the window, in CSS pixels. */
interface Size {
  width: number;
  height: number;
}

/** A look at a face, and how large the window and the picture of it are. */
export interface PictureLook extends Look, Size {
  name: string;
  /** The part of the window that is kept, at the side where a line begins. */
  kept: number;
}

/** Wider than the widest phone, where the panel would be a sheet at the bottom. */
const DESK: Size & { kept: number } = { width: 500, height: 640, kept: 500 };
const PHONE: Size & { kept: number } = { width: 390, height: 640, kept: 390 };

export const LOOKS: readonly PictureLook[] = [
  { name: 'light', language: 'en', direction: 'ltr', theme: 'light', ...DESK },
  { name: 'dark', language: 'en', direction: 'ltr', theme: 'dark', ...DESK },
  { name: 'rtl', language: 'ar', direction: 'rtl', theme: 'light', ...DESK },
  { name: 'phone', language: 'sw', direction: 'ltr', theme: 'light', ...PHONE },
];
