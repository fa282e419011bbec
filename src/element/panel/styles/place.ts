const css = String.raw;

/**
 * Where the panel is: in the flow, beside the button, or at the foot of a phone. What places it beside the button is told
 * by `data-placed`; see panel-position.ts. Without it, it stands in the corner.
 */
export const placeStyles = css`
  .panel.inline {
    margin-block-start: calc(var(--_step) * 2);
  }
  .panel.floating {
    position: fixed;
    inset: auto 0.5rem 0.5rem auto;
    z-index: var(--sautikit-z-index, 2147483000);
    margin: 0;
    max-width: calc(100vw - 1rem);
    max-height: calc(100vh - 1rem);
    max-height: calc(100dvh - 1rem);
    box-shadow: var(--sautikit-shadow, 0 1px 2px rgb(0 0 0 / 0.12), 0 0.75rem 2.5rem rgb(0 0 0 / 0.2));
  }
  .panel.floating[data-placed='soon'] {
    opacity: 0;
  }
  @supports (anchor-name: --x) and (position-area: block-end) {
    [part='button'] {
      anchor-name: --sautikit-button;
    }
    .panel.floating[data-placed='anchor'] {
      inset: auto;
      margin: 0.5rem;
      margin-inline: 0;
      position-anchor: --sautikit-button;
      position-area: self-block-end span-self-inline-end;
      position-try-fallbacks:
        flip-block,
        flip-inline,
        flip-block flip-inline,
        --sautikit-inside;
    }
    /* Neither below nor above is enough room: over the button, then, but inside the window. */
    @position-try --sautikit-inside {
      position-area: span-all span-self-inline-end;
      align-self: end;
    }
  }
  @media (max-width: 30rem) {
    .panel.floating,
    .panel.floating[data-placed='anchor'] {
      position-area: none;
      inset: auto 0 0 !important;
      width: 100%;
      max-width: none;
      margin: 0;
      padding-inline: max(1rem, env(safe-area-inset-left)) max(1rem, env(safe-area-inset-right));
      padding-block-end: max(0.5rem, env(safe-area-inset-bottom));
      border-width: 1px 0 0;
      border-radius: var(--sautikit-panel-radius, 1.25rem) var(--sautikit-panel-radius, 1.25rem) 0 0;
      box-shadow: var(--sautikit-shadow, 0 -0.5rem 2rem rgb(0 0 0 / 0.2));
    }
  }
`;
