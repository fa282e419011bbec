import type { SautikitCallButton } from '../../src/element/call-button.js';
import { contrastText } from './playground-contrast.js';
import { drawControls } from './playground-controls.js';
import { part } from './playground-dom.js';
import { faceOptions } from './playground-faces.js';
import { CALL_EVENTS, type FromPhone, type ToPhone } from './playground-messages.js';
import { drawScript } from './playground-script.js';
import { field, readSetup } from './playground-setup.js';
import { snippetOf } from './playground-snippet.js';
import { Stage } from './playground-stage.js';
import { BRANDS, COLOURS, MEASURES } from './playground-tokens.js';

const form = part('controls', HTMLFormElement);
const shop = part('shop', HTMLElement);
const handset = part('handset', HTMLElement);
const phone = part('phone', HTMLIFrameElement);
const snippet = part('snippet', HTMLElement);
const copied = part('copied', HTMLElement);
const face = part('face', HTMLSelectElement);
const width = part('width', HTMLFieldSetElement);

drawControls(form);
const stage = new Stage(shop, leaveFace);
const script = drawScript(form, shownButton);
const contrast = part('contrast', HTMLElement);

/** The button that is in sight. */
function shownButton(): SautikitCallButton | null {
  return handset.hidden ? stage.button : (phone.contentDocument?.querySelector('sautikit-call-button') ?? null);
}

/** Puts into effect what the controls say. */
function update(): void {
  const setup = readSetup(form);
  const shown = face.value || undefined;
  const pixels = String(new FormData(form).get('width') ?? '');
  handset.hidden = pixels === '';
  shop.hidden = pixels !== '';
  if (pixels) {
    handset.style.setProperty('--width', `${pixels}px`);
    // The first time the frame is loaded; it asks for what it shall show.
    if (!phone.src) phone.src = '/demo/pages/playground-preview.html';
    tellPhone({ kind: 'show', setup, face: shown });
    stage.show(setup);
  } else stage.show(setup, shown);

  const text = snippetOf(setup);
  if (snippet.textContent !== text) {
    snippet.textContent = text;
    copied.textContent = '';
  }
  contrast.textContent = contrastText(setup.tokens);
  script.update();
}

const tellPhone = (message: ToPhone) => phone.contentWindow?.postMessage(message, location.origin);

/** Whoever presses the button of a face wants to call. */
function leaveFace(): void {
  face.value = '';
  update();
}

/** What is looked at cannot be changed for another while somebody speaks through it. */
function lock(live: boolean): void {
  face.disabled = width.disabled = live;
}

function useBrand(name: string): void {
  const tokens = BRANDS[name]?.tokens;
  if (!tokens) return;
  const set = (input: string, value: string) => {
    const control = form.elements.namedItem(input);
    if (control instanceof HTMLInputElement) control.value = value;
  };
  for (const scheme of ['light', 'dark'] as const) {
    for (const it of COLOURS) set(field.colour(scheme, it.name), tokens.colours[scheme][it.name] ?? it[scheme]);
  }
  for (const it of MEASURES) set(field.measure(it.name), tokens.measures[it.name] ?? '');
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(snippet.textContent ?? '');
    copied.textContent = 'Copied';
  } catch {
    // The browser keeps the clipboard from this page: what is selected can be copied by hand.
    getSelection()?.selectAllChildren(snippet);
    copied.textContent = 'Selected: copy it with your keyboard';
  }
}

form.addEventListener('submit', (event) => event.preventDefault());
// The form's fields are not all inside it: those beside the button belong to it too.
document.addEventListener('input', ({ target }) => {
  const control = target as HTMLInputElement;
  if (control.form !== form) return;
  if (control.name === 'brand') useBrand(control.value);
  update();
});
// The event comes before the fields have their first values again.
form.addEventListener('reset', () => setTimeout(update));
part('copy', HTMLButtonElement).addEventListener('click', () => void copy());

for (const name of CALL_EVENTS) document.addEventListener(name, () => lock(stage.live));
addEventListener('message', ({ source, origin, data }: MessageEvent<FromPhone>) => {
  if (source !== phone.contentWindow || origin !== location.origin) return;
  if (data.kind === 'ready') tellPhone({ kind: 'show', setup: readSetup(form), face: face.value || undefined });
  else if (data.kind === 'left-face') leaveFace();
  else if (data.kind === 'event') {
    // As if the button stood in this page: the steps and the list of events follow it.
    document.dispatchEvent(new CustomEvent(data.name, { detail: data.detail }));
    lock(data.live);
  }
});

update();
// Not needed for the first look, so not in its way.
void import('./faces.js').then(({ FACES }) => face.append(...faceOptions(FACES)));
