/** What screen readers find in each face of the button, in reading order; the second half of the contract (`contract.ts`). */
import { FACES, type FaceName } from '../../demo/pages/faces.js';
import type { ErrorCode } from '../../src/errors.js';
import { errorTexts } from '../../src/i18n/error-texts.js';
import type { TextKey, Words } from '../../src/i18n/words.js';

export type Role =
  'heading' | 'button' | 'link' | 'combobox' | 'meter' | 'image' | 'timer' | 'group' | 'status' | 'alert';

export interface Part {
  role: Role;
  /** A text by its key, a key of the keypad, or what the owner wrote; left out where there is no name. */
  name?: TextKey | { key: string } | { owner: string };
  pressed?: boolean;
  expanded?: boolean;
  /** `aria-disabled`: it can be focused, and says why it waits. */
  disabled?: true;
  /** Read after name and state; `begins` where more follows, such as a time or what the owner adds. */
  description?: TextKey | { begins: TextKey };
}

/** As on the page of faces. */
const LABEL = { owner: 'Call us' };

const button = (name: NonNullable<Part['name']>, states: Omit<Part, 'role' | 'name'> = {}): Part => ({
  role: 'button',
  name,
  ...states,
});
const group = (name: TextKey): Part => ({ role: 'group', name });

/** The facade's live regions, empty until there is something to say. */
const REGIONS: readonly Part[] = [{ role: 'status' }, { role: 'alert' }];

/** The button alone. */
const alone = (states: Omit<Part, 'role' | 'name'> = {}): readonly Part[] => [
  button(LABEL, { expanded: false, ...states }),
  ...REGIONS,
];

/** The button with its panel; what is said stands in the heading, which also names the panel. */
const panel = (heading: TextKey, ...parts: readonly Part[]): readonly Part[] => [
  button(LABEL, { expanded: true }),
  group(heading),
  { role: 'heading', name: heading },
  ...parts,
  ...REGIONS,
];

const HIDE = button('close');
const HANGUP = button('hangup');
const AGAIN = button('callAgain');
const TIMER: Part = { role: 'timer' };
const image = (name: TextKey): Part => ({ role: 'image', name });
const mute = (pressed = false): Part => button('mute', { pressed });
const toggle = (name: 'keypad' | 'sound', expanded = false): Part => button(name, { expanded });
const later = (name: 'keypad' | 'sound'): Part =>
  button(name, { expanded: false, disabled: true, description: 'onceConnected' });

const WAITING = [later('keypad'), later('sound'), HANGUP];
const TOGGLES = [toggle('keypad'), toggle('sound'), HANGUP];

/** The microphone is open, so that sound can be set; nobody has answered, so that digits would reach nobody. */
const CALLING = [later('keypad'), toggle('sound'), HANGUP];

const preparing = panel('preparing', HIDE, mute(), ...WAITING);
const calling = (heading: TextKey, muted = false) => panel(heading, HIDE, mute(muted), ...CALLING);
const HEAD = [TIMER, image('good'), HIDE];
const ACTIVE = panel('active', ...HEAD, mute(), ...TOGGLES);
const MUTED = panel('active', ...HEAD, mute(true), ...TOGGLES);

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'].map((key) => button({ key }));
const KEYPAD = [group('keypad'), group('typed'), ...KEYS, mute(), toggle('keypad', true), toggle('sound'), HANGUP];

const choice = (name: 'microphone' | 'speaker'): Part => ({ role: 'combobox', name });
const devices = (test: TextKey = 'testMicrophone', speakers = [choice('speaker')]) =>
  panel(
    'active',
    ...HEAD,
    group('devices'),
    choice('microphone'),
    { role: 'meter', name: 'level' },
    ...speakers,
    button(test),
    mute(),
    toggle('keypad'),
    toggle('sound', true),
    HANGUP,
  );

const failed = (code: ErrorCode, ...ways: readonly Part[]) => panel(errorTexts[code][0], HIDE, ...ways, AGAIN);
const failures = Object.fromEntries(
  (Object.keys(errorTexts) as ErrorCode[]).map((code) => [`failed-${code}`, failed(code)]),
) as Record<`failed-${ErrorCode}`, readonly Part[]>;

const OWN_WINDOW = button('ownWindow', { description: 'ownWindowHint' });
const COPY = button('copyLink');

export const FACE_CONTRACT: Readonly<Record<FaceName, readonly Part[]>> = {
  idle: alone(),
  'idle-small': alone(),
  'idle-large': alone(),
  'idle-outline': alone(),
  'idle-plain': alone(),
  'idle-full-width': alone(),
  'icon-only': alone(),
  'floating-place': alone(),
  'text-alternative': alone(),
  disabled: alone({ disabled: true }),
  consent: alone(),
  'idle-closed': alone({ disabled: true, description: { begins: 'closed' } }),
  'idle-busy-elsewhere': alone({ disabled: true, description: { begins: 'elsewhere' } }),
  unsupported: [COPY, ...REGIONS],

  preparing,
  'preparing-prompt': preparing,
  'preparing-own-window': panel('preparing', HIDE, mute(), ...WAITING, OWN_WINDOW),
  dialing: calling('dialing'),
  ringing: calling('ringing'),
  'ringing-muted': calling('ringing', true),

  active: ACTIVE,
  'active-long': ACTIVE,
  muted: MUTED,
  keypad: panel('active', ...HEAD, ...KEYPAD),
  devices: devices(),
  'devices-without-speakers': devices('testMicrophone', []),
  'microphone-test': devices('speakNow'),
  'microphone-test-playing': devices('playingBack'),
  'quality-good': ACTIVE,
  'quality-fair': panel('active', TIMER, image('fair'), HIDE, mute(), ...TOGGLES),
  'quality-poor': panel('active', TIMER, image('poor'), HIDE, mute(), ...TOGGLES),
  'not-heard': ACTIVE,
  'speaking-muted': MUTED,
  'device-changed': ACTIVE,
  'audio-blocked': panel('active', ...HEAD, button('hear'), mute(), ...TOGGLES),
  held: panel('held', ...HEAD, mute(), ...TOGGLES),
  reconnecting: panel('reconnecting', TIMER, HIDE, mute(), ...TOGGLES),
  'near-the-end': ACTIVE,
  'own-window-active': ACTIVE,
  'no-mute': panel('active', ...HEAD, ...TOGGLES),
  'no-keypad': panel('active', ...HEAD, mute(), toggle('sound'), HANGUP),
  'no-devices': panel('active', ...HEAD, mute(), toggle('keypad'), HANGUP),
  bare: panel('active', ...HEAD, HANGUP),

  ending: panel(
    'ending',
    TIMER,
    HIDE,
    button('mute', { pressed: false, disabled: true }),
    button('keypad', { expanded: false, disabled: true }),
    button('sound', { expanded: false, disabled: true }),
    button('hangup', { disabled: true }),
  ),
  ended: panel('ended', HIDE, AGAIN),
  'ended-own-window': panel('ended', HIDE, AGAIN, OWN_WINDOW),
  cancelled: panel('cancelled', HIDE, AGAIN),

  ...failures,
  'failed-mic-denied-chromium': failed('mic-denied'),
  'failed-mic-denied-firefox': failed('mic-denied'),
  'failed-mic-denied-safari': failed('mic-denied'),
  'failed-mic-denied-android': failed('mic-denied'),
  'failed-mic-denied-ios': failed('mic-denied'),
  'failed-mic-missing-code': failed('mic-missing', image('scan'), COPY),
  'in-app-browser': failed('mic-blocked', { role: 'link', name: 'openInBrowser' }, COPY),
  'in-app-browser-copied': failed('mic-blocked', button('copied')),
  closed: failed('line-closed'),
  'closed-until-further-notice': failed('line-closed'),
  'busy-with-callback': failed('busy'),
  'busy-elsewhere': failed('busy-elsewhere'),
  offline: failed('offline'),

  'inline-ringing': panel('ringing', mute(), ...CALLING),
  'inline-active': panel('active', TIMER, image('good'), mute(), ...TOGGLES),
  'inline-keypad': panel('active', TIMER, image('good'), ...KEYPAD),
  'inline-ended': panel('ended', AGAIN),
  'inline-failed': panel('noAnswer', AGAIN),
};

export const FACE_NAMES = Object.keys(FACES) as FaceName[];

/** The name of a part in a language. */
export function nameOf({ name }: Part, words: Words): string {
  if (name === undefined) return '';
  if (typeof name === 'string') return words.text(name);
  return 'owner' in name ? name.owner : words.digit(name.key);
}

/** The description of a part in a language; three dots stand for what follows. */
export function descriptionOf({ description }: Part, words: Words): string {
  if (description === undefined) return '';
  return typeof description === 'string' ? words.text(description) : `${words.text(description.begins)}…`;
}

/** A part as one line of the accessibility tree; see `accessibility-tree.ts`. */
export function lineOf(part: Part, words: Words): string {
  const states = (['pressed', 'expanded', 'disabled'] as const).flatMap((state) =>
    part[state] === undefined ? [] : [` ${state}=${part[state]}`],
  );
  const description = descriptionOf(part, words);
  return `${part.role} "${nameOf(part, words)}"${states.join('')}${description && ` (${description})`}`;
}
