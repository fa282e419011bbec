/** A press on a button that was not there yet still counts this long (ms); later the visitor has moved on. */
const STILL_MEANT = 5_000;

/**
 * Runs `click` for the element that the visitor pressed before its script had come: the browser kept the page's first
 * input for us (Event Timing API, section 4.6). A browser without Event Timing keeps none.
 *
 * @param elements looked at when the browser tells, once for all of a page
 */
export function onEarlyClick<Button extends HTMLElement>(
  elements: Iterable<Button>,
  click: (element: Button) => void,
): void {
  const now = performance.now();
  const observer = new PerformanceObserver((list, self) => {
    self.disconnect();
    for (const { startTime, target } of list.getEntries() as PerformanceEventTiming[]) {
      // What comes from now on the button hears itself.
      if (startTime >= now || startTime <= now - STILL_MEANT) continue;
      // Chromium names no target where nothing on the page listens; then the pointer that still rests there has pressed.
      for (const element of elements) if (target ? element.contains(target) : element.matches(':hover')) click(element);
    }
  });
  observer.observe({ type: 'first-input', buffered: true });
}
