import type { TemplateResult } from 'lit';
import type { FacadePort } from '../facade-port.js';

/** The handset of the facade's button. */
const HANDSET = 'M7 11a15 15 0 0 0 6 6l3-2 5 1v4a1 1 0 0 1-1 1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h4l1 5Z';

/** One family: lines of one weight with round ends, on a grid of 24. */
const paths = {
  handset: HANDSET,
  hangup: HANDSET,
  microphone: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21m-3 0h6',
  muted:
    'm4 4 16 16M9 9v2a3 3 0 0 0 4.3 2.7M15 10.6V6a3 3 0 0 0-5.8-1.1M5.5 11a6.5 6.5 0 0 0 9.9 5.5M18.5 11a6.5 6.5 0 0 1-.8 3.1M12 17.5V21m-3 0h6',
  keypad: 'M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01',
  sound: 'M4 8h8m4 0h4M4 16h4m4 0h8M14 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4Zm-4 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z',
  speaker: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  hide: 'm6 9.5 6 6 6-6',
  held: 'M9 6v12m6-12v12',
  reconnecting: 'M20 11a8 8 0 0 0-14.5-3.5M4 13a8 8 0 0 0 14.5 3.5M5 3.5v4h4m10 13v-4h-4',
  alert: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 8v4.5m0 3.5h.01',
  clock: 'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM12 7.5V12l3 2',
  offline:
    'm4 4 16 16M2.5 9.5A13.5 13.5 0 0 1 6 7m4-1.3a13.5 13.5 0 0 1 11.5 3.8M6 13a8.5 8.5 0 0 1 4-2.2m5.5.9A8.5 8.5 0 0 1 18 13m-8.5 3.5a3.5 3.5 0 0 1 4.5 0M12 20h.01',
  window: 'M14 4.5h5.5V10m0-5.5-8 8M10 6H6.5a2 2 0 0 0-2 2v9.5a2 2 0 0 0 2 2H16a2 2 0 0 0 2-2V14',
  copy: 'M10.5 8.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM5.5 15.5a1 1 0 0 1-1-1v-8a2 2 0 0 1 2-2h8a1 1 0 0 1 1 1',
  done: 'm5 12.5 4.5 4.5L19 7.5',
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon: what it stands beside has the name. */
export const icon = ({ html }: FacadePort['lit'], name: IconName): TemplateResult =>
  html`<svg class="icon ${name}" viewBox="0 0 24 24" aria-hidden="true"><path d=${paths[name]} /></svg>`;

/** The same, where there is no Lit. */
export function iconElement(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
