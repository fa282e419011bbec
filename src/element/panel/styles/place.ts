const css = String.raw;

/**
 * Where the panel is: in the flow, beside the button, or at the foot of a phone. What places it beside the button is told
 * by `data-placed`; see panel-position.ts. Without it, it stands in the corner.
 */
export const placeStyles = css`
  /* Or a panel in the flow would be as wide as it likes, in a row as wide as the panel. */
  :host {
    max-width: 100%;
  }
  :host([panel='inline']:not([full-width])) {
    flex-direction: column;
    align-items: start;
  }
  .panel.inline {
    min-width: 0;
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
  /* Each attempt is the room between an edge of the button and one of the window; the first that is wide enough is it. */
  @supports (top: anchor(bottom)) and (position-try-fallbacks: --x) {
    [part='button'] {
      anchor-name: --sautikit-button;
    }
    .panel.floating[data-placed='anchor'] {
      position-anchor: --sautikit-button;
      position-try-fallbacks: --sautikit-above, --sautikit-below-end, --sautikit-above-end, --sautikit-inside;
      inset-block: max(0.5rem, anchor(bottom) + 0.5rem) 0.5rem;
      inset-inline: max(0.5rem, anchor(self-start)) 0.5rem;
      place-self: start;
    }
    /* The button has left the window, the panel has not. */
    .panel.floating:is([data-placed='top'], [data-placed='bottom']) {
      position-anchor: --sautikit-button;
      inset: auto;
      inset-inline-start: max(0.5rem, min(anchor(self-start), 100vw - 1.5rem - var(--sautikit-panel-width, 20rem)));
    }
    .panel.floating[data-placed='top'] {
      inset-block-start: 0.5rem;
    }
    .panel.floating[data-placed='bottom'] {
      inset-block-end: 0.5rem;
    }
    @position-try --sautikit-above {
      inset-block: 0.5rem max(0.5rem, anchor(top) + 0.5rem);
      place-self: end start;
    }
    @position-try --sautikit-below-end {
      inset-inline: 0.5rem max(0.5rem, anchor(self-end));
      place-self: start end;
    }
    @position-try --sautikit-above-end {
      inset-block: 0.5rem max(0.5rem, anchor(top) + 0.5rem);
      inset-inline: 0.5rem max(0.5rem, anchor(self-end));
      place-self: end;
    }
    /* Nowhere is enough room: over the button, then, but inside the window. */
    @position-try --sautikit-inside {
      inset-block: 0.5rem;
      inset-inline: max(0.5rem, min(anchor(self-start), 100vw - 1.5rem - var(--sautikit-panel-width, 20rem))) 0.5rem;
      place-self: end start;
    }
  }
  @media (max-width: 30rem) {
    .panel.floating,
    .panel.floating[data-placed='anchor'] {
      position-try-fallbacks: none;
      place-self: auto;
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
