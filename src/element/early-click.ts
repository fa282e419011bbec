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
      // What comes from now on the button hears itself.
      if (startTime < now && startTime > now - STILL_MEANT && element.contains(target)) click();
    }
  });
  observer.observe({ type: 'first-input', buffered: true });
}
