import { unsafeCSS } from 'lit';

/** Nothing is ever put into this text, so Lit's own `css`, with its checks of what is, would be 120 bytes for nothing. */
const css = String.raw;

/** The facade only; the panel brings its own. */
export const facadeStyles = unsafeCSS(css`
  :host {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em;
    --_accent: var(--sautikit-accent, #0b6b50);
    --_ink: var(--sautikit-accent, color-mix(in srgb, #0b6b50 65%, CanvasText));
  }
  :host([hidden]) {
    display: none !important;
  }
  :host([full-width]) {
    display: flex;
  }
  :host([full-width]) button {
    flex: 1 0 100%;
  }
  :host([size='small']) {
    font-size: 0.85em;
  }
  :host([size='large']) {
    font-size: 1.2em;
  }
  :host([placement*='-']) {
    position: fixed;
    z-index: var(--sautikit-z-index, 9999);
  }
  :host([placement^='b']) {
    bottom: 1rem;
  }
  :host([placement^='t']) {
    top: 1rem;
  }
  :host([placement$='d']) {
    inset-inline-end: 1rem;
  }
  :host([placement$='-start']) {
    inset-inline-start: 1rem;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.55em;
    box-sizing: border-box;
    min-height: 2.75em;
    padding: 0.6em 1.15em;
    font: inherit;
    font-weight: 600;
    color: var(--sautikit-on-accent, #fff);
    background: var(--_accent);
    border: 2px solid var(--_accent);
    border-radius: var(--sautikit-radius, 0.75em);
    cursor: pointer;
  }
  :host([variant='outline']) button,
  :host([variant='plain']) button {
    color: var(--_ink);
    border-color: currentcolor;
    background: none;
  }
  :host([variant='plain']) button {
    border-color: transparent;
  }
  button:hover {
    filter: brightness(1.08);
  }
  button:focus-visible {
    outline: 3px solid var(--sautikit-focus, var(--_ink));
    outline-offset: 2px;
  }
  button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: not-allowed;
  }
  [part='icon'] {
    display: flex;
    order: -1;
  }
  :host([state]:not([state='ended'], [state='failed'])) [name^='t'] {
    display: none;
  }
  svg {
    width: 1.2em;
    height: 1.2em;
    fill: currentcolor;
  }
  .note {
    display: contents;
  }
  :host([status-url]) .note {
    display: block;
    flex: 1 0 100%;
    min-height: 1.5em;
  }
  :host([icon-only]) [part='label'],
  .said {
    position: absolute;
    width: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media print {
    :host {
      display: none !important;
    }
  }
`);
