const css = String.raw;

/** What is opened below the status, and what leads out of a failure. */
export const paneStyles = css`
  .pane {
    display: grid;
    gap: calc(var(--_step) * 3);
    margin-block: calc(var(--_step) * 2) calc(var(--_step) * 1);
    padding-block-start: calc(var(--_step) * 3);
    border-block-start: 1px solid var(--_line);
  }
  .digits {
    display: block;
    min-height: 1.5em;
    font-size: var(--_huge);
    line-height: 1.5;
    letter-spacing: 0.08em;
    text-align: center;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .keys {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: calc(var(--_step) * 2);
  }
  .panel .keys button {
    min-height: 3rem;
    padding: 0;
    font-size: var(--_huge);
    font-weight: 500;
    line-height: 1;
    background: var(--_soft);
    border-radius: 1.5rem;
    transition: background-color 0.15s;
  }
  .panel .keys button:hover {
    background: color-mix(in srgb, var(--_text) 14%, var(--_surface));
  }
  .panel .keys button:active {
    background: color-mix(in srgb, var(--_accent) 30%, var(--_surface));
  }

  .field {
    display: grid;
    gap: calc(var(--_step) * 1);
    font-size: var(--_small);
    font-weight: 600;
    color: var(--_muted);
  }
  .field select {
    width: 100%;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0 calc(var(--_step) * 3);
    font: inherit;
    font-size: var(--_body);
    font-weight: 400;
    text-overflow: ellipsis;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_muted);
    border-radius: calc(var(--_step) * 3);
    cursor: pointer;
  }
  /* It moves in steps, ten a second at most: a transition between them would have every frame drawn, sixty a second. */
  .level {
    --_level: 0;
    height: 0.5rem;
    overflow: hidden;
    background: var(--_soft);
    border-radius: 0.25rem;
    box-shadow: inset 0 0 0 1px var(--_muted);
  }
  .level::before {
    content: '';
    display: block;
    height: 100%;
    background: var(--_accent-ink);
    transform: scaleX(var(--_level));
    transform-origin: left;
  }
  .level:dir(rtl)::before {
    transform-origin: right;
  }
  .panel .test.recording {
    color: var(--_danger-ink);
    background: color-mix(in srgb, var(--_danger) 12%, var(--_surface));
  }
  .panel .test.playing {
    color: var(--_accent-ink);
    background: color-mix(in srgb, var(--_accent) 14%, var(--_surface));
  }
  .test.recording .icon {
    animation: sautikit-blink 1.2s ease-in-out infinite;
  }
  @keyframes sautikit-blink {
    50% {
      opacity: 0.35;
    }
  }

  .panel .steps,
  .panel .code,
  .elsewhere,
  .link {
    margin-block-start: calc(var(--_step) * 3);
  }
  .steps {
    padding: calc(var(--_step) * 3);
    background: var(--_softer);
    border: 1px solid var(--_line);
    border-radius: calc(var(--_step) * 3);
    overflow-wrap: anywhere;
  }
  .panel .code {
    display: grid;
    justify-items: center;
    gap: calc(var(--_step) * 2);
    font-size: var(--_small);
    color: var(--_muted);
    text-align: center;
  }
  /* Cameras look for dark on light, in every theme. */
  .code svg {
    width: 9rem;
    height: 9rem;
    background: #fff;
    border-radius: calc(var(--_step) * 3);
    fill: #000;
    forced-color-adjust: none;
  }
  .link {
    display: grid;
    gap: calc(var(--_step) * 1);
    font-size: var(--_small);
    text-align: center;
    color: var(--_muted);
  }
  .address {
    overflow-wrap: anywhere;
  }
  .panel ::slotted([slot='callback']) {
    display: block;
    margin-block-start: calc(var(--_step) * 3);
    text-align: center;
  }

  /* From the top: the warning stays where it is when the button below it goes. */
  .offer {
    display: grid;
    align-content: start;
    justify-items: center;
    min-height: 4rem;
    margin-block-start: calc(var(--_step) * 2);
    padding-block-start: calc(var(--_step) * 2);
    font-size: var(--_small);
    color: var(--_muted);
    text-align: center;
    border-block-start: 1px solid var(--_line);
  }
  .panel .own-window {
    color: var(--_accent-ink);
  }
  @media (forced-colors: active) {
    .level {
      border: 1px solid CanvasText;
    }
    .level::before {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
