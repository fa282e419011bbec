/**
 * The page behind a link that calls. Of its address it takes the name of a line and nothing else, and only where a link of
 * the page's own list has the same: who may be called stands in the page and, for good, at the token endpoint.
 */
import type { SautikitCallButton } from '../element/call-button.js';

const button = document.querySelector<SautikitCallButton>('sautikit-call-button')!;
const list = document.querySelector<HTMLElement>('#lines')!;
const heading = document.querySelector('h1')!;
const title = document.title;
const links = [...list.querySelectorAll('a')];

const lineOf = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get('line');

let live = false;

/** Shows the button for the line of the address, or the list where it names none of it. */
function choose(): void {
  // A call is not changed under its caller's hands.
  if (live) return;
  const asked = lineOf(location.hash);
  // Nothing to choose from.
  const only = links.length === 1 && asked === null ? links[0] : undefined;
  const link = only ?? links.find(({ hash }) => asked !== null && lineOf(hash) === asked);
  const line = link ? lineOf(link.hash) : null;
  if (line) button.setAttribute('line', line);
  else button.removeAttribute('line');
  button.hidden = !line;
  list.hidden = !!line;
  heading.textContent = document.title = link?.textContent ?? title;
}

button.addEventListener('sautikit-state-change', () => {
  // The button's own word, since an event can be forged.
  live = !['idle', 'ended', 'failed'].includes(button.callState);
  choose();
});
addEventListener('hashchange', choose);
choose();
