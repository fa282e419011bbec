/** Who sets states of an element: its call, what is known of its line, and another button of the page. */
export type StateOwner = 'call' | 'line' | 'page';

const internals = new WeakMap<HTMLElement, ElementInternals>();
const names = new WeakMap<HTMLElement, Partial<Record<StateOwner, readonly string[]>>>();

/** Sets exactly these states of one owner for `:state()` selectors; a browser without it has the attribute `state`. */
export function setCustomStates(element: HTMLElement, owner: StateOwner, wanted: readonly string[]): void {
  const all = { ...names.get(element), [owner]: wanted };
  names.set(element, all);
  try {
    const own = internals.get(element) ?? element.attachInternals();
    internals.set(element, own);
    own.states.clear();
    for (const name of Object.values(all).flat()) own.states.add(name);
  } catch {
    // Chromium before 125 takes only names that begin with two dashes.
  }
}
