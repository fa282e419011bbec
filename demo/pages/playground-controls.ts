/** Draws the controls from the tables of what can be decided. */
import { ATTRIBUTES, defaultOf, GROUPS, type Attribute, type Group } from './playground-attributes.js';
import { make } from './playground-dom.js';
import { field } from './playground-setup.js';
import { ICONS, SLOTS } from './playground-slots.js';
import { BRANDS, COLOURS, MEASURES } from './playground-tokens.js';

/** More than this stand in a list; fewer stand side by side. */
const FEW = 3;

const idOf = (name: string) => name.replaceAll(' ', '-');

export function drawControls(form: HTMLFormElement): void {
  const attributes = (group: Group) => ATTRIBUTES.filter((it) => it.group === group).map(attributeControl);
  // Where the controls stand beside the page there is room for more of them.
  const roomy = matchMedia('(min-width: 60rem)').matches;
  form.append(
    section(GROUPS.looks, true, [...attributes('looks'), iconControl()]),
    section('Brand', roomy, [
      brandControl(),
      ...COLOURS.map(colourControl),
      contrastNote(),
      ...MEASURES.map(measureControl),
    ]),
    section(GROUPS.words, false, [labelControl(), ...attributes('words')]),
    section(GROUPS.line, false, [...attributes('line'), providerControl()]),
    section(GROUPS.callers, false, attributes('callers')),
    section('Ways beside the call', false, SLOTS.map(slotControl)),
    section(GROUPS.page, false, attributes('page')),
  );
}

export function section(title: string, open: boolean, controls: readonly Node[]): HTMLElement {
  return make('details', { open }, make('summary', {}, title), make('div', { class: 'group' }, ...controls));
}

interface Described {
  title: string;
  help?: string;
  /** The name in code. */
  code?: string | undefined;
}

/** A field with its name above it and a sentence below it. */
function labelled(name: string, { title, help, code }: Described, input: HTMLElement, ...more: Node[]): HTMLElement {
  const id = idOf(name);
  const helpId = help && `${id}-help`;
  input.id = id;
  input.setAttribute('name', name);
  if (helpId) input.setAttribute('aria-describedby', helpId);
  return make(
    'div',
    { class: 'control' },
    make('div', { class: 'head' }, make('label', { for: id, class: 'name' }, title), code && make('code', {}, code)),
    input,
    ...more,
    help ? make('p', { class: 'help', id: helpId }, help) : undefined,
  );
}

interface Option {
  value: string;
  title: string;
}

/** One of a few, or one of many. The first is chosen. */
function picked(name: string, described: Described, options: readonly Option[]): HTMLElement {
  if (options.length > FEW) {
    const items = options.map(({ value, title }) => make('option', { value }, title));
    return labelled(name, described, make('select', {}, ...items));
  }
  const { title, help, code } = described;
  const helpId = help && `${idOf(name)}-help`;
  const radio = ({ value, title: text }: Option, at: number) =>
    make('label', {}, make('input', { type: 'radio', name, value, checked: at === 0 }), make('span', {}, text));
  return make(
    'fieldset',
    { class: 'control', 'aria-describedby': helpId },
    make('legend', { class: 'name' }, title),
    make(
      'div',
      { class: 'head' },
      make('div', { class: 'pick' }, ...options.map(radio)),
      code && make('code', {}, code),
    ),
    help ? make('p', { class: 'help', id: helpId }, help) : undefined,
  );
}

function checked(name: string, { title, help, code }: Described): HTMLElement {
  const id = idOf(name);
  return make(
    'div',
    { class: 'control' },
    make(
      'div',
      { class: 'head' },
      make(
        'label',
        { class: 'check name' },
        make('input', { type: 'checkbox', id, name, 'aria-describedby': `${id}-help` }),
        title,
      ),
      code && make('code', {}, code),
    ),
    make('p', { class: 'help', id: `${id}-help` }, help ?? ''),
  );
}

/** A line of text, with what one may want as suggestions. */
function line(name: string, value = '', placeholder = '', suggest: readonly string[] = []): [HTMLElement, ...Node[]] {
  const list = suggest.length ? `${idOf(name)}-list` : undefined;
  const input = make('input', { type: 'text', value, placeholder, list, autocomplete: 'off', spellcheck: 'false' });
  return list
    ? [input, make('datalist', { id: list }, ...suggest.map((it) => make('option', { value: it })))]
    : [input];
}

function attributeControl(attribute: Attribute): HTMLElement {
  const { kind, choices = [], initial, placeholder, suggest } = attribute;
  const name = field.attribute(attribute.name);
  const described = { ...attribute, code: attribute.name };
  switch (kind) {
    case 'boolean':
      return checked(name, described);
    case 'choice':
      return picked(
        name,
        described,
        choices.map((value) => ({ value, title: titleOf(attribute, value) })),
      );
    case 'json':
      return jsonControl(name, described, placeholder);
    case 'text':
      return labelled(name, described, ...line(name, initial, placeholder, suggest));
  }
}

/** Says so where it is no JSON; the element leaves it out then. */
function jsonControl(name: string, described: Described, placeholder = ''): HTMLElement {
  const input = make('textarea', { rows: '2', placeholder, spellcheck: 'false', autocomplete: 'off' });
  const wrong = make('p', { class: 'wrong', id: `${idOf(name)}-wrong`, role: 'status' });
  const control = labelled(name, described, input, wrong);
  input.addEventListener('input', () => {
    const fits = !input.value.trim() || isObject(input.value);
    input.setAttribute('aria-invalid', String(!fits));
    wrong.textContent = fits ? '' : 'This is no JSON object yet.';
  });
  return control;
}

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** A value in words, where it is no word itself. */
function titleOf({ name, ...attribute }: Attribute, value: string): string {
  if (name === 'lang' && value) return languageName(value);
  if (value) return value;
  return name === 'token-method' ? 'default' : defaultOf({ name, ...attribute }) || 'as the page';
}

/** In the language itself, which those who look for it know, and in the language of this page. */
function languageName(tag: string): string {
  const nameIn = (language: string) => new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag;
  const [own, english] = [nameIn(tag), nameIn('en')];
  return own === english ? own : `${own} (${english})`;
}

const labelControl = () =>
  labelled(
    field.text,
    { title: 'Text of the button', help: 'Stands between the tags, and can be read before any script has run.' },
    ...line(field.text, 'Call us'),
  );

const iconControl = () =>
  picked(
    field.icon,
    { title: 'Icon', code: 'slot="icon"', help: 'A drawing of your own, instead of the handset.' },
    Object.entries(ICONS).map(([value, { title }]) => ({ value, title })),
  );

const providerControl = () =>
  checked(field.provider, {
    title: 'Fetch the grant by a function',
    code: '.tokenProvider',
    help: 'A property for pages that talk to their server in a way of their own; it stands in for the token endpoint.',
  });

function slotControl({
  name,
  title,
  help,
  initial,
  initialLink,
  placeholder,
  linkPlaceholder,
}: (typeof SLOTS)[number]) {
  const link = field.link(name);
  const input = line(link, initialLink, linkPlaceholder)[0];
  input.id = idOf(link);
  input.setAttribute('name', link);
  return labelled(
    field.slot(name),
    { title, help, code: `slot="${name}"` },
    ...line(field.slot(name), initial, placeholder),
    make('label', { class: 'help', for: idOf(link) }, `${title}: link`),
    input,
  );
}

const brandControl = () =>
  picked(
    'brand',
    { title: 'A brand to begin with', help: 'Sets all of the tokens below.' },
    Object.entries(BRANDS).map(([value, { title }]) => ({ value, title })),
  );

function colourControl({ name, title, light, dark }: (typeof COLOURS)[number]): HTMLElement {
  const input = (scheme: 'light' | 'dark', value: string) =>
    make(
      'label',
      {},
      scheme === 'light' ? 'Light' : 'Dark',
      make('input', { type: 'color', name: field.colour(scheme, name), value }),
    );
  return make(
    'fieldset',
    { class: 'colour' },
    make('legend', { class: 'name' }, title),
    input('light', light),
    input('dark', dark),
  );
}

const contrastNote = () => make('p', { class: 'help', id: 'contrast' });

const measureControl = ({ name, title, placeholder, suggest }: (typeof MEASURES)[number]) =>
  labelled(
    field.measure(name),
    { title, code: `--sautikit-${name}` },
    ...line(field.measure(name), '', placeholder, suggest),
  );
