import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';

/** Space kept free between button and panel, and between panel and the edge of the window (px). */
const GAP = 8;

/**
 * Keeps a panel beside a button wherever that goes; resolves when it stands there for the first time.
 *
 * @returns lets it go
 */
export function keepBeside(button: HTMLElement, panel: HTMLElement): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const place = async () => {
      const { x, y } = await computePosition(button, panel, {
        strategy: 'fixed',
        placement: 'bottom-start',
        middleware: [offset(GAP), flip(), shift({ padding: GAP, crossAxis: true })],
      });
      Object.assign(panel.style, { left: `${x}px`, top: `${y}px`, right: 'auto', bottom: 'auto' });
      resolve(release);
    };
    const release = autoUpdate(button, panel, () => void place().catch(reject));
  });
}
