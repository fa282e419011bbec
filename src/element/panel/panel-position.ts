/** Space kept free between button and panel, and between panel and the edge of the window (px). */
const GAP = 8;

/** Keeps a panel in the top layer beside its button, and inside the window, for as long as it is open. */
export class PanelPosition {
  readonly #anchor: HTMLElement;
  #panel: HTMLElement | undefined;

  constructor(anchor: HTMLElement) {
    this.#anchor = anchor;
  }

  show(panel: HTMLElement): void {
    // A browser without popovers shows it in place, under the same rules. One that was moved in the document is closed.
    if (panel.isConnected && panel.popover && !panel.matches(':popover-open')) panel.showPopover();
    if (this.#panel === panel) return this.#place();
    this.#panel = panel;
    addEventListener('scroll', this.#place, { capture: true, passive: true });
    addEventListener('resize', this.#place, { passive: true });
    this.#place();
  }

  hide(): void {
    removeEventListener('scroll', this.#place, { capture: true });
    removeEventListener('resize', this.#place);
    if (this.#panel?.isConnected) this.#panel.hidePopover?.();
    this.#panel = undefined;
  }

  readonly #place = () => {
    const panel = this.#panel;
    if (!panel) return;
    const button = this.#anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel;
    const below = innerHeight - button.bottom - GAP;
    const above = height > below && button.top - GAP > below;
    const rtl = getComputedStyle(this.#anchor).direction === 'rtl';
    const x = rtl ? button.right - width : button.left;
    const y = above ? button.top - GAP - height : button.bottom + GAP;
    panel.style.left = `${Math.max(GAP, Math.min(x, innerWidth - width - GAP))}px`;
    panel.style.top = `${Math.max(GAP, Math.min(y, innerHeight - height - GAP))}px`;
  };
}
