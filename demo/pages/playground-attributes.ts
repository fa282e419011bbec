import { LANGUAGES } from '../../src/i18n/language.js';

/** Where a control stands; the key of `GROUPS`. */
export type Group = 'line' | 'words' | 'looks' | 'callers' | 'page';

/** An attribute of the element, as a control shows it. */
export interface Attribute {
  name: string;
  group: Group;
  title: string;
  /** One sentence: what it does. */
  help: string;
  kind: 'text' | 'json' | 'boolean' | 'choice';
  /** Of a choice: the values; the first is the default, and an empty one stands for no attribute. */
  choices?: readonly string[];
  /** Of a text: what it is when the page opens. */
  initial?: string;
  /** Of a text: what one may want. */
  suggest?: readonly string[];
  placeholder?: string;
}

const text = (group: Group, name: string, title: string, help: string, more: Partial<Attribute> = {}): Attribute => ({
  name,
  group,
  title,
  help,
  kind: 'text',
  ...more,
});

const json = (group: Group, name: string, title: string, help: string, placeholder: string): Attribute =>
  text(group, name, title, help, { kind: 'json', placeholder });

const choice = (group: Group, name: string, title: string, choices: readonly string[], help: string): Attribute =>
  text(group, name, title, help, { kind: 'choice', choices });

const flag = (group: Group, name: string, title: string, help: string): Attribute =>
  text(group, name, title, help, { kind: 'boolean' });

/** Every attribute that an owner may set. The element's own `state` is for reading. */
export const ATTRIBUTES: readonly Attribute[] = [
  text('line', 'line', 'Line', 'A name for what is called; only your server knows the number behind it.', {
    initial: 'sales',
    suggest: ['sales', 'after-hours'],
  }),
  text(
    'line',
    'token-url',
    'Token endpoint',
    'Where the button fetches the grant for one call: the one attribute that it needs.',
    {
      initial: '/api/sip-token',
      suggest: ['/api/sip-token'],
    },
  ),
  text(
    'line',
    'status-url',
    'Status endpoint',
    'Asked before a click whether the line is open. Try it with the line after-hours.',
    {
      suggest: ['/api/status'],
      placeholder: '/api/status',
    },
  ),
  text(
    'line',
    'gateway-url',
    'Gateway',
    'Only for grants that name none; known beforehand, the socket opens earlier.',
    {
      placeholder: 'wss://sip.example/ws',
    },
  ),
  json(
    'line',
    'context',
    'Context',
    'What your server may learn about the click, as JSON of at most 1 kB. No personal data.',
    '{"campaign":"spring"}',
  ),
  choice(
    'line',
    'token-method',
    'Method of the token request',
    ['', 'GET', 'POST'],
    'POST, unless your backend only knows GET.',
  ),
  choice(
    'line',
    'token-credentials',
    'Cookies of the token request',
    ['same-origin', 'include', 'omit'],
    'Whether your own cookies go along.',
  ),

  text('words', 'label', 'Label', 'What the button says where nothing stands between its tags.', {
    placeholder: 'Call',
  }),
  choice(
    'words',
    'lang',
    'Language',
    ['', ...LANGUAGES],
    'Without it: that of the closest ancestor, the document, or the browser.',
  ),
  choice(
    'words',
    'dir',
    'Direction',
    ['', 'ltr', 'rtl'],
    'The panel follows its language; the button follows this, or the page.',
  ),
  json(
    'words',
    'messages',
    'Other words',
    'Texts of the panel in words of your own, as JSON.',
    '{"dialing":"Finding somebody for you…"}',
  ),

  choice('looks', 'size', 'Size', ['medium', 'small', 'large'], 'Relative to the text around it.'),
  choice('looks', 'variant', 'Variant', ['filled', 'outline', 'plain'], 'One filled button a page is enough.'),
  choice('looks', 'panel', 'Panel', ['popover', 'inline'], 'Beside the button and above the page, or in its flow.'),
  choice(
    'looks',
    'placement',
    'Placement',
    ['inline', 'bottom-end', 'bottom-start', 'top-end', 'top-start'],
    'In the text, or floating in a corner of the window.',
  ),
  flag('looks', 'full-width', 'Full width', 'As wide as what it stands in.'),
  flag('looks', 'icon-only', 'Icon only', 'The label is kept for screen readers.'),

  flag('callers', 'no-mute', 'No mute', 'Leaves the mute button out.'),
  flag('callers', 'no-keypad', 'No keypad', 'Leaves the digits out.'),
  flag('callers', 'no-devices', 'No devices', 'Leaves the choice of microphone and speaker out.'),
  flag(
    'callers',
    'no-sounds',
    'No sounds',
    'No ringing and no closing tone of the button’s own; all of it is also shown.',
  ),
  flag(
    'callers',
    'remember-devices',
    'Remember devices',
    'Keeps the chosen microphone in the browser, only after the caller chose one.',
  ),
  flag(
    'callers',
    'require-consent',
    'Ask for consent first',
    'The first press shows the consent text; nothing is fetched before the second one.',
  ),

  flag('page', 'disabled', 'Disabled', 'Blocks the next call, never the one that is there.'),
  choice(
    'page',
    'preload',
    'Preload',
    ['intent', 'idle', 'none'],
    'When the rest of the code comes: at hover or focus, when the page rests, or at the click.',
  ),
  text('page', 'report-url', 'Reports', 'Gets one small JSON when a call is over; no personal data.', {
    placeholder: '/api/call-report',
  }),
  flag('page', 'debug', 'Debug', 'One line for each change of state in the console, without secrets.'),
];

/** The headings of the groups, and what is in them in a few words. */
export const GROUPS: Readonly<Record<Group, string>> = {
  line: 'Who is called',
  words: 'Words and language',
  looks: 'Looks',
  callers: 'What callers can do',
  page: 'In your page',
};

/** The value that the element takes for granted. */
export const defaultOf = ({ choices }: Attribute): string => choices?.[0] ?? '';
