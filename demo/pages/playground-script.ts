/** What a script of the page can do with the element, and what it is told by it. */
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { section } from './playground-controls.js';
import { make } from './playground-dom.js';
import { CALL_EVENTS } from './playground-messages.js';

/** So many events are kept in sight. */
const KEPT = 8;

const METHODS: readonly [string, (button: SautikitCallButton) => void][] = [
  ['call()', (button) => void button.call()],
  ['hangup()', (button) => void button.hangup()],
  ['toggleMute()', (button) => button.toggleMute()],
  ["sendDTMF('1')", (button) => void button.sendDTMF('1')],
  ['open()', (button) => button.open()],
  ['close()', (button) => button.close()],
];

const FACTS = ['callState', 'connectionState', 'availability', 'callId', 'muted'] as const;

/** Draws the group. Events that reach the document are listed, and the properties are read again with each of them. */
export function drawScript(form: HTMLFormElement, button: () => SautikitCallButton | null): { update(): void } {
  const values = FACTS.map((name) => [name, make('dd')] as const);
  const events = make('ol', { class: 'events', 'aria-label': 'Events, the newest first' });
  const update = () => {
    const element = button();
    for (const [name, cell] of values) cell.textContent = String(element?.[name] ?? null);
  };
  const methods = METHODS.map(([name, act]) => {
    const control = make('button', { type: 'button' }, make('code', {}, name));
    control.addEventListener('click', () => {
      const element = button();
      if (element) act(element);
      update();
    });
    return control;
  });
  form.append(
    section('From a script', false, [
      make('div', { class: 'methods', role: 'group', 'aria-label': 'Methods' }, ...methods),
      make(
        'dl',
        { class: 'facts' },
        ...values.map(([name, cell]) => make('div', {}, make('dt', {}, make('code', {}, name)), cell)),
      ),
      make('p', { class: 'help' }, 'Events, the newest first:'),
      events,
    ]),
  );
  for (const name of CALL_EVENTS) {
    document.addEventListener(name, (event) => {
      const { detail } = event as CustomEvent<object>;
      events.prepend(make('li', {}, make('code', {}, `${name} ${JSON.stringify(detail)}`)));
      while (events.children.length > KEPT) events.lastElementChild?.remove();
      update();
    });
  }
  update();
  return { update };
}
