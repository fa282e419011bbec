import type { WalkEvent } from './witness.js';

declare global {
  interface Window {
    walkLook(): string[];
    walkOpen(): string[];
    walkBooks(): string[];
    walkStates(): string[];
  }
}

/** Runs in the page before its scripts, after witness and actor. What each function returns is wrong, in words. */
export function walkInvariants(): void {
  if (window !== top) return;
  const seen = window.walkWitness;
  const windows = () => [window, frames[0] as Window];
  const live = (tracks: MediaStreamTrack[]) => tracks.filter(({ readyState }) => readyState === 'live').length;
  const open = (peers: RTCPeerConnection[]) => peers.filter(({ signalingState }) => signalingState !== 'closed');
  const IN_A_CALL = ['dialing', 'ringing', 'active'];
  const OVER = ['idle', 'ended', 'failed'];

  window.walkStates = () => window.walkActor.buttons.map(({ callState }) => callState);

  /** True at every moment. */
  window.walkLook = () => {
    const wrong = windows().flatMap(({ walkWitness }) => walkWitness.errors.splice(0));
    const { buttons } = window.walkActor;
    const talking = buttons.filter(({ callState }) => IN_A_CALL.includes(callState));
    if (talking.length > 1) wrong.push('two buttons are in a call');
    const sending = open(seen.peers).filter((peer) =>
      peer.getSenders().some(({ track }) => track?.readyState === 'live'),
    );
    if (sending.length > 1) wrong.push(`${sending.length} connections have an open microphone`);
    for (const button of buttons) {
      const over = OVER.includes(button.callState);
      if (over ? button.callId !== null : talking.includes(button) && button.callId === null)
        wrong.push(`${button.callState} with the id ${button.callId}`);
      if ((button.getAttribute('state') ?? 'idle') !== button.callState && !button.isUpdatePending)
        wrong.push(`the attribute says ${button.getAttribute('state')} and the property ${button.callState}`);
    }
    for (const { what, rejected } of seen.promises) if (rejected) wrong.push(`${what} was rejected`);
    return wrong;
  };

  /** What is still held. Nothing, when every call has been ended. */
  window.walkOpen = () => {
    const { desk } = frames[0] as unknown as { desk: { calls: { live: boolean; state: string }[] } };
    const held: string[] = [];
    for (const { walkWitness } of windows()) {
      if (live(walkWitness.tracks)) held.push(`${live(walkWitness.tracks)} tracks`);
      if (open(walkWitness.peers).length) held.push(`${open(walkWitness.peers).length} peer connections`);
    }
    for (const call of desk.calls) if (call.live) held.push(`a ${call.state} call at the desk`);
    for (const state of window.walkStates()) if (!OVER.includes(state)) held.push(`a button that is ${state}`);
    for (const { what, settled } of seen.promises) if (!settled) held.push(`a promise of ${what}`);
    return held;
  };

  /** One end for each beginning; to be asked when nothing is held any more. What was told is forgotten. */
  window.walkBooks = () => {
    const wrong: string[] = [];
    const events = seen.events.splice(0);
    seen.promises.length = 0;
    for (const element of new Set(events.map((event) => event.element))) {
      const own = events.filter((event) => event.element === element);
      wrong.push(...attempts(own), ...afterTheEnd(own));
    }
    return wrong;
  };

  /** Each attempt ends with one event: `call-ended`, or `error` for what never became a call. */
  function attempts(events: WalkEvent[]): string[] {
    const wrong: string[] = [];
    let begun = false;
    for (const { name, detail } of events) {
      if (name === 'state-change' && detail.to === 'preparing') {
        if (begun) wrong.push('a call has begun before the end of the one before');
        begun = true;
      } else if (name === 'call-ended' || name === 'error') {
        if (!begun) wrong.push(`${name} without a call (${detail.code})`);
        begun = false;
      }
    }
    return begun ? [...wrong, 'a call has begun and never ended'] : wrong;
  }

  /** Nothing of a call is told after its end, and that once. */
  function afterTheEnd(events: WalkEvent[]): string[] {
    const wrong: string[] = [];
    const ended = new Set<string>();
    for (const { name, detail } of events) {
      const { callId } = detail;
      if (callId === undefined) continue;
      if (ended.has(callId)) wrong.push(`${name} after the end of its call`);
      if (name === 'call-ended') ended.add(callId);
    }
    return wrong;
  }
}
