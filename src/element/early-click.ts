/** A press on a button that was not there yet still counts this long (ms); later the visitor has moved on. */
const STILL_MEANT = 5_000;

/**
 * Runs `click` where the visitor pressed the element before its script had come: the browser kept the page's first input
 * for us (Event Timing API, section 4.6). A browser without Event Timing keeps none.
 */
export function onEarlyClick(element: HTMLElement, click: () => void): void {
  const now = performance.now();
  const observer = new PerformanceObserver((list, self) => {
    self.disconnect();
    for (const { startTime, target } of list.getEntries() as PerformanceEventTiming[]) {
      // Chromium names no target where nothing on the page listens; then the pointer that still rests here has pressed.
      const ours = target ? element.contains(target) : element.matches(':hover');
      // What comes from now on the button hears itself.
      if (ours && startTime < now && startTime > now - STILL_MEANT) click();
    }
  });
  observer.observe({ type: 'first-input', buffered: true });
}
