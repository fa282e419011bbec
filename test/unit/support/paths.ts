/** Every state that a sequence of events reaches from one state, itself included. */
export function reachable<State, Event>(
  from: State,
  events: readonly Event[],
  next: (state: State, event: Event) => State | undefined,
): Set<State> {
  const seen = new Set([from]);
  for (const state of seen) {
    for (const event of events) {
      const to = next(state, event);
      if (to !== undefined) seen.add(to);
    }
  }
  return seen;
}
