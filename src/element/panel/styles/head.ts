const css = String.raw;

/** What is going on: its picture above, its sentence below. With a pane open the picture makes room. */
export const headStyles = css`
  /* Room for a sentence and three lines below it, so that no state moves the buttons. */
  .stage {
    min-height: 11.5rem;
  }
  .head {
    display: grid;
    grid-template: 'network sign hide' auto 'title title title' auto / 1fr auto 1fr;
    align-items: start;
    row-gap: calc(var(--_step) * 3);
  }
  .title {
    /* As wide as the panel whatever it says: a box that changed with its text would be a layout shift. */
    grid-area: title;
    display: grid;
    text-align: center;
  }
  .title h2 {
    font-size: var(--_large);
    font-weight: 650;
    line-height: 1.35;
    text-wrap: balance;
    overflow-wrap: anywhere;
    border-radius: var(--_step);
  }
  [part~='timer'] {
    font-size: var(--_large);
    line-height: 1.35;
    font-variant-numeric: tabular-nums;
    color: var(--_muted);
  }
  .network {
    grid-area: network;
    min-height: 2.25rem;
  }
  .hide {
    grid-area: hide;
    justify-self: end;
    margin-inline-end: calc(var(--_step) * -2);
    padding-inline: 0;
    color: var(--_muted) !important;
  }
  .bars {
    display: inline-flex;
    align-items: end;
    gap: 3px;
    height: 1rem;
    margin-block: calc(var(--_step) * 2.5);
    color: var(--_accent-ink);
  }
  .bars i {
    width: 5px;
    height: 40%;
    border-radius: 2px;
    background: currentcolor;
  }
  .bars i:nth-child(2) {
    height: 70%;
  }
  .bars i:nth-child(3) {
    height: 100%;
  }
  .bars.fair,
  .bars.poor {
    color: var(--_warning-ink);
  }
  .bars.fair i:nth-child(n + 3),
  .bars.poor i:nth-child(n + 2) {
    background: none;
    box-shadow: inset 0 0 0 1.5px var(--_muted);
  }

  .sign {
    grid-area: sign;
    position: relative;
    display: grid;
    place-items: center;
    width: 4rem;
    height: 4rem;
    margin-block-start: calc(var(--_step) * 2);
    border-radius: 50%;
    color: var(--_accent-ink);
    background: color-mix(in srgb, var(--_accent) 16%, var(--_surface));
  }
  .sign .icon {
    width: 1.75rem;
    height: 1.75rem;
  }
  .sign::before,
  .sign::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: 50%;
    pointer-events: none;
  }
  .active .sign {
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .active.calm .sign,
  .ending .sign,
  .ended .sign,
  .failed.calm .sign {
    color: var(--_text);
    background: var(--_soft);
  }
  .active.troubled .sign {
    color: var(--_warning-ink);
    background: color-mix(in srgb, var(--_warning-ink) 16%, var(--_surface));
  }
  .failed:not(.calm) .sign {
    color: var(--_danger-ink);
    background: color-mix(in srgb, var(--_danger) 14%, var(--_surface));
  }

  /* Somewhere it rings: two rings go out, as of a bell. */
  .preparing .sign::before,
  .dialing .sign::before,
  .ringing .sign::before,
  .ringing .sign::after {
    border: 2px solid var(--_accent-ink);
    opacity: 0;
    animation: sautikit-ring 2.4s ease-out infinite;
  }
  .ringing .sign::before,
  .ringing .sign::after {
    animation-duration: 1.6s;
  }
  .ringing .sign::after {
    animation-delay: 0.35s;
  }
  .ringing .sign .icon {
    animation: sautikit-shake 1.6s ease-in-out infinite;
  }
  .troubled .sign .icon {
    animation: sautikit-turn 2.4s linear infinite;
  }
  @keyframes sautikit-ring {
    0% {
      transform: scale(1);
      opacity: 0.55;
    }
    80%,
    100% {
      transform: scale(1.45);
      opacity: 0;
    }
  }
  @keyframes sautikit-shake {
    0%,
    50%,
    100% {
      transform: none;
    }
    8%,
    24%,
    40% {
      transform: rotate(-9deg);
    }
    16%,
    32% {
      transform: rotate(9deg);
    }
  }
  @keyframes sautikit-turn {
    to {
      transform: rotate(1turn);
    }
  }

  .message {
    margin-block-start: calc(var(--_step) * 1);
    text-align: center;
    text-wrap: pretty;
    overflow-wrap: anywhere;
  }
  .hint {
    font-size: var(--_note);
    color: var(--_muted);
  }
  .warning {
    display: flex;
    align-items: center;
    gap: calc(var(--_step) * 2);
    min-height: 2.5rem;
    padding: calc(var(--_step) * 1) calc(var(--_step) * 3);
    font-size: var(--_small);
    font-weight: 600;
    text-align: start;
    color: var(--_warning-ink);
    background: color-mix(in srgb, var(--_warning-ink) 12%, var(--_surface));
    border-radius: calc(var(--_step) * 3);
  }
  .warning .icon {
    width: 1.25rem;
    height: 1.25rem;
  }

  .opened .head {
    grid-template: 'network title hide' auto / auto 1fr auto;
    align-items: center;
    column-gap: calc(var(--_step) * 2);
  }
  .opened .sign {
    display: none;
  }
  .opened .title {
    grid-auto-flow: column;
    justify-content: start;
    align-items: baseline;
    column-gap: calc(var(--_step) * 2);
    text-align: start;
  }
  .opened .stage {
    min-height: 0;
  }
  .opened .hint:empty {
    display: none;
  }

  @media (prefers-reduced-motion: reduce) {
    .panel *,
    .panel *::before,
    .panel *::after {
      animation: none !important;
      transition: none !important;
    }
    .preparing .sign::before,
    .dialing .sign::before,
    .ringing .sign::before {
      opacity: 0.5;
      transform: scale(1.12);
    }
  }
  @media (forced-colors: active) {
    .sign,
    .warning {
      border: 1px solid CanvasText;
    }
    .bars i {
      background: CanvasText;
      forced-color-adjust: none;
    }
    .bars.fair i:nth-child(n + 3),
    .bars.poor i:nth-child(n + 2) {
      background: none;
      box-shadow: inset 0 0 0 1.5px CanvasText;
    }
  }
`;
