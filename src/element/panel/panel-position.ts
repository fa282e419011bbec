/** Whether this browser keeps a panel beside a button by itself (CSS Anchor Positioning). A test forces it off. */
const anchors = (): boolean =>
  globalThis.CSS?.supports('top: anchor(bottom)') && CSS.supports('position-try-fallbacks: --x');

/** Keeps a panel in the top layer beside its button, and inside the window, for as long as it is open. */
export class PanelPosition {
  readonly #button: () => HTMLElement | null | undefined;
  #panel: HTMLElement | undefined;
  #release: (() => void) | undefined;

  constructor(button: () => HTMLElement | null | undefined) {
    this.#button = button;
  }

  show(panel: HTMLElement): void {
    const isNew = this.#panel !== panel;
    if (isNew) {
      this.hide();
      this.#panel = panel;
      panel.dataset['placed'] = anchors() ? 'anchor' : 'soon';
    }
    // A browser without popovers shows it in place, under the same rules. One that was moved in the document is closed.
    if (panel.isConnected && panel.popover && !panel.matches(':popover-open')) panel.showPopover();
    if (!isNew) return;
    if (panel.dataset['placed'] === 'soon') void this.#float(panel);
    else this.#anchor(panel);
  }

  hide(): void {
    this.#release?.();
    this.#release = undefined;
    // The page may have made an inline one of it meanwhile.
    if (this.#panel?.isConnected && this.#panel.popover) this.#panel.hidePopover();
    this.#panel = undefined;
  }

  /** The browser does it, as long as it sees the button: where that is scrolled away, the panel would go along. */
  #anchor(panel: HTMLElement): void {
    const button = this.#button();
    if (!button) return;
    const observer = new IntersectionObserver((entries) => {
      const { isIntersecting, boundingClientRect } = entries.at(-1)!;
      panel.dataset['placed'] = isIntersecting ? 'anchor' : boundingClientRect.top < 0 ? 'top' : 'bottom';
    });
    observer.observe(button);
    this.#release = () => observer.disconnect();
  }

  /** Elsewhere a library reckons; it comes only now, and only here. Without it the panel stands in the corner. */
  async #float(panel: HTMLElement): Promise<void> {
    const button = this.#button();
    let release: (() => void) | undefined;
    try {
      const { keepBeside } = await import('./floating.js');
      if (button && this.#panel === panel) release = await keepBeside(button, panel);
    } catch {
      // Offline, perhaps.
    }
    // It was closed meanwhile.
    if (this.#panel !== panel) return release?.();
    this.#release = release;
    panel.dataset['placed'] = release ? 'floating' : 'corner';
  }
}
