import { fixture, html, waitUntil } from '@open-wc/testing';
import '../../../src/define.js';
import type { SautikitCallButton } from '../../../src/element/call-button.js';

/** Every event of the element, by its name without the prefix. */
const NAMES = [
  'before-call',
  'call-dialing',
  'call-ringing',
  'call-answered',
  'mute-change',
  'state-change',
  'call-ended',
  'error',
] as const;

export interface Heard {
  name: (typeof NAMES)[number];
  detail: Record<string, unknown>;
}

/** Records what an element tells, as a listener on the document hears it. */
export function listen(target: EventTarget = document): {
  heard: Heard[];
  named(name: Heard['name']): Heard[];
  stop(): void;
} {
  const heard: Heard[] = [];
  const stops = NAMES.map((name) => {
    const listener = (event: Event) => heard.push({ name, detail: (event as CustomEvent).detail });
    target.addEventListener(`sautikit-${name}`, listener);
    return () => target.removeEventListener(`sautikit-${name}`, listener);
  });
  return {
    heard,
    named: (name) => heard.filter((event) => event.name === name),
    stop: () => stops.forEach((stop) => stop()),
  };
}

export const button = (attributes: Record<string, string> = {}): Promise<SautikitCallButton> => {
  const element = document.createElement('sautikit-call-button');
  for (const [name, value] of Object.entries({ 'token-url': '/api/sip-token', line: 'sales', ...attributes })) {
    element.setAttribute(name, value);
  }
  element.textContent = 'Call us';
  return fixture(html`${element}`);
};

export const part = <T extends HTMLElement = HTMLElement>(element: SautikitCallButton, name: string): T | null =>
  element.shadowRoot!.querySelector<T>(`[part~="${name}"]`);

export const press = (element: SautikitCallButton, name = 'button'): void => part(element, name)!.click();

export const until = (condition: () => unknown, message: string): Promise<void> =>
  waitUntil(condition, message, { timeout: 10_000, interval: 20 });

export const state = (element: SautikitCallButton, wanted: string): Promise<void> =>
  until(() => element.callState === wanted, `state ${wanted}, but it is ${element.callState}`);
