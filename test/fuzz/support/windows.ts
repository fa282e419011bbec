import { openOwnWindow } from '../../../src/element/own-window.js';
import type { SautikitCallButton } from '../../../src/element/call-button.js';
import { button, until } from '../../element/support/button.js';

export type AnyWindow = Window & typeof globalThis;

/** A window with a button in it. */
export interface Place {
  window: AnyWindow;
  element: SautikitCallButton;
  close(): void;
}

const NAME = 'sautikit-call-button';

/** The button there, once it is one. */
async function buttonIn(place: AnyWindow): Promise<SautikitCallButton> {
  // An element of another window is no instance of this one's class.
  const found = () => place.document.querySelector<SautikitCallButton>(`${NAME}:defined`);
  await until(found, 'a button in the other window');
  return found()!;
}

/** The page of these tests itself. */
export async function openPage(): Promise<Place> {
  return { window, element: await button({ debug: '' }), close() {} };
}

/** The page behind a link that calls, in a frame. Before a policy is put on this page, which would forbid it. */
export async function openLinkPage(): Promise<Place> {
  const frame = document.createElement('iframe');
  frame.allow = 'microphone';
  frame.src = '/src/call-page/call.html#line=sales';
  document.body.append(frame);
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  await loaded;
  const place = frame.contentWindow as AnyWindow;
  return { window: place, element: await buttonIn(place), close: () => frame.remove() };
}

/** The script that a window of its own loads, which knows it by the name of the built one. Before a policy, too. */
export function loadEntry(): HTMLScriptElement {
  const script = document.createElement('script');
  script.type = 'module';
  script.src = '/sautikit-call-button.js';
  document.head.append(script);
  return script;
}

/** The window that a call goes on in, with this page's policy. It calls by itself. */
export async function openWindow(): Promise<Place> {
  const place = openOwnWindow(await button()) as AnyWindow | undefined;
  if (!place) throw new Error('The browser opened no window.');
  return { window: place, element: await buttonIn(place), close: () => place.close() };
}
