const internals = new WeakMap<HTMLElement, ElementInternals>();

/** Sets exactly these states for `:state()` selectors; a browser without it has the attribute `state`. */
export function setCustomStates(element: HTMLElement, names: readonly string[]): void {
  try {
    const own = internals.get(element) ?? element.attachInternals();
    internals.set(element, own);
    own.states.clear();
    for (const name of names) own.states.add(name);
  } catch {
    // Chromium before 125 takes only names that begin with two dashes.
  }
}
