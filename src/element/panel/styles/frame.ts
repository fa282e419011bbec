const css = String.raw;

/**
 * The tokens that an owner may set on the element, or on anything around it.
 *
 * System colours follow the page's `color-scheme`. An accent is made for white text upon it, and may be too dark to be read
 * on a dark ground; so what is drawn in a colour is mixed with that of the text, which is light where the ground is dark.
 * Every length is a multiple of one step, and there are five sizes of type.
 *
 * @cssprop [--sautikit-accent=#0b6b50] - Colour of the button, of an answered call, and of what calls again.
 * @cssprop [--sautikit-on-accent=#fff] - Colour of text and icons upon the accent.
 * @cssprop [--sautikit-danger=#c62828] - Colour of what hangs up, and of failures.
 * @cssprop [--sautikit-on-danger=#fff] - Colour of icons upon it.
 * @cssprop [--sautikit-warning=#a15c00] - Colour of what the caller should act upon.
 * @cssprop [--sautikit-surface=color-mix(in srgb, Canvas 94%, #fff)] - Ground of the panel.
 * @cssprop [--sautikit-text=CanvasText] - Colour of text and icons in the panel.
 * @cssprop [--sautikit-muted-text=color-mix(in srgb, var(--sautikit-text) 70%, var(--sautikit-surface))] - Colour of what is less
 *   important.
 * @cssprop [--sautikit-border=color-mix(in srgb, var(--sautikit-text) 16%, var(--sautikit-surface))] - Colour of lines.
 * @cssprop [--sautikit-focus=color-mix(in srgb, var(--sautikit-accent) 66%, var(--sautikit-text))] - Colour of the ring around what
 *   has the focus.
 * @cssprop [--sautikit-radius=0.75em] - Corners of the button.
 * @cssprop [--sautikit-panel-radius=1.25rem] - Corners of the panel.
 * @cssprop [--sautikit-panel-width=20rem] - Width of the panel.
 * @cssprop [--sautikit-shadow=0 1px 2px rgb(0 0 0 / 0.12), 0 0.75rem 2.5rem rgb(0 0 0 / 0.2)] - Shadow of the panel.
 * @cssprop [--sautikit-z-index=9999] - Layer of a floating button, and of the panel in a browser without popovers.
 */
export const frameStyles = css`
  .panel {
    --_step: 0.25rem;
    --_small: 0.8125rem;
    --_note: 0.875rem;
    --_body: 0.9375rem;
    --_large: 1.125rem;
    --_huge: 1.375rem;
    --_on-accent: var(--sautikit-on-accent, #fff);
    --_danger: var(--sautikit-danger, #c62828);
    --_surface: var(--sautikit-surface, color-mix(in srgb, Canvas 94%, #fff));
    --_text: var(--sautikit-text, CanvasText);
    --_muted: var(--sautikit-muted-text, color-mix(in srgb, var(--_text) 70%, var(--_surface)));
    --_line: var(--sautikit-border, color-mix(in srgb, var(--_text) 16%, var(--_surface)));
    --_soft: color-mix(in srgb, var(--_text) 8%, var(--_surface));
    --_softer: color-mix(in srgb, var(--_text) 4%, var(--_surface));
    --_accent-ink: color-mix(in srgb, var(--_accent) 66%, var(--_text));
    --_danger-ink: color-mix(in srgb, var(--_danger) 66%, var(--_text));
    --_warning-ink: color-mix(in srgb, var(--sautikit-warning, #a15c00) 62%, var(--_text));
    --_focus: var(--sautikit-focus, var(--_accent-ink));
    --_ink: var(--_text);
    box-sizing: border-box;
    width: var(--sautikit-panel-width, 20rem);
    max-width: 100%;
    padding: calc(var(--_step) * 3) calc(var(--_step) * 4) calc(var(--_step) * 2);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_muted) transparent;
    /* What has the focus is not to be below the buttons that stay in sight. */
    scroll-padding-block-end: 7rem;
    font: inherit;
    font-size: var(--_body);
    font-weight: 400;
    line-height: 1.4;
    text-align: start;
    white-space: normal;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--sautikit-panel-radius, 1.25rem);
  }
  .panel .link .wide {
    font-size: var(--_body);
    color: var(--_text);
  }
  .panel *,
  .panel *::before,
  .panel *::after {
    box-sizing: border-box;
  }
  .panel p,
  .panel h2,
  .panel figure {
    margin: 0;
  }
  .icon {
    flex: none;
    width: 1.5rem;
    height: 1.5rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon.held {
    stroke-width: 2.5;
  }
  .icon.keypad {
    stroke-width: 3.25;
  }
  .icon.handset,
  .icon.hangup {
    fill: currentcolor;
    stroke-width: 1;
  }
  .icon.hangup {
    transform: rotate(135deg);
  }
  .panel button,
  .panel a {
    font: inherit;
    font-weight: 600;
    letter-spacing: inherit;
    word-spacing: inherit;
    color: inherit;
    text-decoration: none;
    cursor: pointer;
    border: 1px solid transparent;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  .panel button:hover {
    filter: none;
  }
  .panel :focus-visible {
    outline: 3px solid var(--_focus);
    outline-offset: 2px;
  }
  .wide,
  .quiet {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_step) * 2);
    min-width: 2.75rem;
    min-height: 2.75rem;
    border-radius: 1.375rem;
  }
  .wide {
    width: 100%;
    padding: calc(var(--_step) * 2) calc(var(--_step) * 4);
    background: var(--_soft);
  }
  .panel .wide.hear,
  .panel .wide.elsewhere {
    color: var(--_on-accent);
    background: var(--_accent);
  }
  .quiet {
    min-height: 2.25rem;
    padding: calc(var(--_step) * 1) calc(var(--_step) * 3);
    background: transparent;
  }
  .wide:hover,
  .quiet:hover {
    background: color-mix(in srgb, var(--_text) 13%, var(--_surface));
  }
  .panel .wide.hear:hover,
  .panel .wide.elsewhere:hover {
    background: color-mix(in srgb, var(--_accent) 88%, #000);
  }
  .quiet .icon {
    width: 1.25rem;
    height: 1.25rem;
  }
  @media (forced-colors: active) {
    .panel button,
    .panel a {
      border-color: ButtonText;
    }
  }
`;
