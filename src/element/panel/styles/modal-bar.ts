const css = String.raw;

/** Of the bar over a modal dialog, which has a shadow root of its own; the tokens are those of frame.ts. */
export const modalBarStyles = css`
  .bar {
    --_surface: var(--sautikit-surface, color-mix(in srgb, Canvas 94%, #fff));
    --_text: var(--sautikit-text, CanvasText);
    position: fixed;
    z-index: 2147483000;
    inset: 0.5rem 0 auto;
    box-sizing: border-box;
    display: flex;
    align-items: center;
    gap: 0.5rem;
    width: fit-content;
    max-width: calc(100vw - 1rem);
    margin: 0 auto;
    padding: 0.375rem;
    padding-inline-start: 1rem;
    font-size: 0.9375rem;
    font-weight: 600;
    line-height: 1.3;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--sautikit-border, color-mix(in srgb, var(--_text) 16%, var(--_surface)));
    border-radius: 1.75rem;
    box-shadow: var(--sautikit-shadow, 0 1px 2px rgb(0 0 0 / 0.12), 0 0.75rem 2.5rem rgb(0 0 0 / 0.3));
  }
  button {
    flex: none;
    display: grid;
    place-items: center;
    width: 2.75rem;
    height: 2.75rem;
    padding: 0;
    color: inherit;
    background: color-mix(in srgb, var(--_text) 8%, var(--_surface));
    border: 1px solid transparent;
    border-radius: 50%;
    cursor: pointer;
  }
  button[hidden] {
    display: none;
  }
  button:focus-visible {
    outline: 3px solid var(--sautikit-focus, color-mix(in srgb, var(--sautikit-accent, #0b6b50) 66%, var(--_text)));
    outline-offset: 2px;
  }
  .mute[aria-pressed='true'] {
    color: var(--_surface);
    background: var(--_text);
  }
  .hangup {
    color: var(--sautikit-on-danger, #fff);
    background: var(--sautikit-danger, #c62828);
  }
  svg {
    width: 1.5rem;
    height: 1.5rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .hangup svg {
    fill: currentcolor;
    stroke-width: 1;
    transform: rotate(135deg);
  }
  @media print {
    .bar {
      display: none;
    }
  }
  @media (forced-colors: active) {
    button {
      border-color: ButtonText;
    }
  }
`;
