const css = String.raw;

/**
 * The panel's style sheet, as text: it is adopted by the shadow root when the panel first shows. System colours follow the
 * page's `color-scheme`; every length is a multiple of one step.
 */
export const panelStyles = css`
  .panel {
    --_step: 0.25rem;
    --_surface: var(--sautikit-surface, Canvas);
    --_text: var(--sautikit-text, CanvasText);
    --_soft: color-mix(in srgb, var(--_text) 8%, transparent);
    --_line: var(--sautikit-border, color-mix(in srgb, var(--_text) 18%, transparent));
    --_on-accent: var(--sautikit-on-accent, #fff);
    --_danger: var(--sautikit-danger, #c62828);
    box-sizing: border-box;
    width: var(--sautikit-panel-width, 19rem);
    max-width: 100%;
    margin: calc(var(--_step) * 2) 0 0;
    padding: calc(var(--_step) * 4);
    font: inherit;
    font-size: 1rem;
    line-height: 1.4;
    text-align: start;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--sautikit-panel-radius, 1rem);
  }
  .panel.floating {
    position: fixed;
    inset: auto;
    z-index: var(--sautikit-z-index, 2147483000);
    margin: 0;
    max-width: calc(100vw - 1rem);
    max-height: calc(100dvh - 1rem);
    overflow: auto;
    box-shadow: var(--sautikit-shadow, 0 0.5rem 2rem rgb(0 0 0 / 0.22));
  }
  .panel button {
    min-height: 2.75rem;
    padding: 0 calc(var(--_step) * 3);
    font-size: 1rem;
    color: var(--_text);
    background: var(--_soft);
    border: 1px solid transparent;
    border-radius: calc(var(--_step) * 3);
  }
  .panel button:focus-visible,
  .panel h2:focus-visible {
    outline: 3px solid var(--sautikit-focus, var(--_accent));
    outline-offset: 2px;
  }
  .panel button:disabled {
    opacity: 0.45;
    cursor: not-allowed;
  }
  .head {
    display: flex;
    align-items: center;
    gap: calc(var(--_step) * 2);
    min-height: 2rem;
  }
  .head h2 {
    flex: 1;
    margin: 0;
    font-size: 1.05rem;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .dot {
    flex: none;
    width: 0.7rem;
    height: 0.7rem;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_text) 35%, transparent);
  }
  .active .dot {
    background: var(--_accent);
  }
  .failed .dot {
    background: var(--_danger);
  }
  .preparing .dot,
  .dialing .dot,
  .ringing .dot {
    background: var(--_accent);
    animation: sautikit-pulse 1.4s ease-in-out infinite;
  }
  @keyframes sautikit-pulse {
    50% {
      transform: scale(1.5);
      opacity: 0.4;
    }
  }
  [part~='timer'] {
    font-variant-numeric: tabular-nums;
    opacity: 0.85;
  }
  .panel .close {
    min-height: 2rem;
    padding: 0 calc(var(--_step) * 1.5);
    background: transparent;
  }
  .hint {
    margin: calc(var(--_step) * 1) 0 0;
    opacity: 0.85;
    font-size: 0.95rem;
  }
  .panel .hear {
    width: 100%;
    margin-block-start: calc(var(--_step) * 3);
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .keypad {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: calc(var(--_step) * 2);
    margin-block-start: calc(var(--_step) * 3);
    direction: ltr;
  }
  .digits {
    grid-column: 1 / -1;
    min-height: 1.6em;
    font-size: 1.2rem;
    text-align: center;
    letter-spacing: 0.1em;
    overflow: hidden;
  }
  .panel [part~='key'] {
    font-size: 1.2rem;
  }
  .controls {
    display: flex;
    gap: calc(var(--_step) * 2);
    margin-block-start: calc(var(--_step) * 4);
  }
  .panel [part~='mute'][aria-pressed='true'] {
    color: var(--_surface);
    background: var(--_text);
  }
  .panel [part~='hangup'] {
    flex: 1;
    color: var(--sautikit-on-danger, #fff);
    background: var(--_danger);
  }
  .panel .again {
    flex: 1;
    color: var(--_on-accent);
    background: var(--_accent);
  }
  @media (max-width: 30rem) {
    .panel.floating {
      inset: auto 0 0 0 !important;
      width: 100%;
      max-width: none;
      border-radius: 1rem 1rem 0 0;
      padding-block-end: max(1rem, env(safe-area-inset-bottom));
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .dot {
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    .panel button {
      border-color: ButtonText;
    }
    .dot {
      forced-color-adjust: none;
    }
  }
`;
