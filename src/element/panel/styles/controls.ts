const css = String.raw;

/** The row of round buttons. It stays in sight where the panel is higher than the window. */
export const controlStyles = css`
  .controls {
    position: sticky;
    z-index: 1;
    inset-block-end: calc(var(--_step) * -2);
    display: flex;
    justify-content: center;
    align-items: start;
    gap: calc(var(--_step) * 1);
    margin-inline: calc(var(--_step) * -2);
    padding-block: calc(var(--_step) * 3) calc(var(--_step) * 2);
    background: var(--_surface);
  }
  .control {
    flex: 1 1 0;
    display: grid;
    justify-items: center;
    gap: calc(var(--_step) * 1.5);
    min-width: 0;
    max-width: 5.75rem;
  }
  .control:only-child {
    max-width: none;
  }
  .control button {
    display: grid;
    place-items: center;
    width: 3.5rem;
    height: 3.5rem;
    padding: 0;
    background: var(--_soft);
    border-radius: 50%;
    transition: background-color 0.15s;
  }
  .control button:hover,
  .control:hover button {
    background: color-mix(in srgb, var(--_text) 14%, var(--_surface));
  }
  .control button:active {
    transform: scale(0.96);
  }
  .control label {
    max-width: 100%;
    font-size: var(--_small);
    line-height: 1.25;
    text-align: center;
    color: var(--_muted);
    cursor: pointer;
    hyphens: auto;
    overflow-wrap: anywhere;
  }
  .panel [part='mute'][aria-pressed='true'] {
    color: var(--_surface);
    background: var(--_text);
  }
  .panel .opener[aria-expanded='true'] {
    color: var(--_accent-ink);
    background: color-mix(in srgb, var(--_accent) 18%, var(--_surface));
    border-color: var(--_accent-ink);
  }
  .panel .control [aria-disabled='true'],
  .panel .control [aria-disabled='true'] + label {
    cursor: not-allowed;
  }
  .panel .control [part='hangup'] {
    color: var(--sautikit-on-danger, #fff);
    background: var(--_danger);
  }
  .panel .control .again {
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .panel .control:hover [part='hangup'] {
    background: color-mix(in srgb, var(--_danger) 86%, #000);
  }
  .panel .control:hover .again {
    background: color-mix(in srgb, var(--_accent) 86%, #000);
  }
  [part='hangup'] .icon,
  .again .icon {
    width: 1.75rem;
    height: 1.75rem;
  }
  @media (forced-colors: active) {
    .panel [part='mute'][aria-pressed='true'],
    .panel .opener[aria-expanded='true'] {
      color: HighlightText;
      background: Highlight;
      forced-color-adjust: none;
    }
    .panel .control [aria-disabled='true'] {
      color: GrayText;
      border-color: GrayText;
    }
    .panel .control [aria-disabled='true'] {
      opacity: 1;
    }
  }
`;
