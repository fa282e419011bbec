import type { CallState } from '../../src/index.js';

/** What happens in each state of a call, for those who want to know. */
const STEPS: Readonly<Partial<Record<CallState, string>>> = {
  preparing:
    'Your browser gets a grant that is good for one call, opens a connection, and asks you for the microphone.',
  dialing: 'The call leaves, and names nobody. This process looks up who answers the line.',
  ringing: 'The desk rings. Its address stays in this process.',
  active: 'The voices go straight from browser to browser, encrypted; this process carries none of them.',
  ended: 'The call is over: microphone and connection are given back, and the grant is used up.',
  failed: 'The call did not come about. The button says why, and what to do.',
};

const way = document.getElementById('way');
const step = document.getElementById('step');

document.addEventListener('sautikit-state-change', (event) => {
  const { to } = (event as CustomEvent<{ to: CallState }>).detail;
  const text = STEPS[to];
  if (!way || !step || !text) return;
  way.dataset.at = to;
  step.textContent = text;
});

/** The desk is as tall as what it says, so that it never scrolls within the page. */
function fit(frame: HTMLIFrameElement): void {
  const desk = frame.contentDocument?.getElementById('desk');
  if (!desk) return;
  new ResizeObserver(() => (frame.style.minHeight = `${desk.offsetHeight}px`)).observe(desk);
}

const frame = document.getElementById('desk');
if (frame instanceof HTMLIFrameElement) {
  frame.addEventListener('load', () => fit(frame));
  fit(frame);
}
