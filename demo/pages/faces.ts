/** Every state that the button and its panel can show, without a call behind it: for the playground and for the tests. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from '../../src/errors.js';
import type { SautikitCallButton } from '../../src/element/call-button.js';
import { CallPanel, type PanelPort } from '../../src/element/panel/call-panel.js';
import { newPanelModel, type PanelActions, type PanelModel } from '../../src/element/panel/panel-model.js';
import { qrCode } from '../../src/element/ways-out/qr.js';
import { errorTexts } from '../../src/i18n/error-texts.js';
import { languageOf } from '../../src/i18n/language.js';
import { loadWords } from '../../src/i18n/load-words.js';
import type { Words } from '../../src/i18n/words.js';

export interface Face {
  /** What the panel shows; without it only the button is there. */
  model?: Partial<PanelModel>;
  /** Attributes of the element, beside those that it has. */
  attributes?: Readonly<Record<string, string>>;
  /** What an owner puts into slots: the slot's name, and a text. */
  slots?: Readonly<Record<string, string>>;
  /** The step of `require-consent` is shown. */
  asking?: true;
  /** How loud the microphone is, 0 to 1. */
  level?: number;
  /** What is said beside the button before a click, and keeps it from calling. */
  note?: 'closed' | 'busy';
  /** As in a browser that cannot call. */
  unsupported?: true;
}

const CALLBACK = { callback: 'Leave your number, and we call you back.' };
const OPENS_AT = new Date('2030-03-04T05:00:00Z');
const LINK = 'https://shop.example/contact';

const devices: PanelModel['devices'] = {
  microphones: [
    { id: 'built-in', label: 'Built-in microphone' },
    { id: 'headset', label: 'Jabra Evolve2 30 (USB headset)' },
    { id: 'unnamed', label: '' },
  ],
  speakers: [
    { id: 'built-in', label: 'Built-in speakers' },
    { id: 'headset', label: 'Jabra Evolve2 30 (USB headset)' },
  ],
  microphone: 'headset',
  speaker: undefined,
};

/** A call that has been answered, with what is different about it. */
const call = (model: Partial<PanelModel> = {}): Partial<PanelModel> => ({
  state: 'active',
  seconds: 83,
  quality: 'good',
  devices,
  ...model,
});

const failed = (error: ErrorCode, model: Partial<PanelModel> = {}): Partial<PanelModel> => ({
  state: 'failed',
  error,
  ...model,
});

/** One face for each way in which a call can fail. */
const failures = Object.fromEntries(
  Object.keys(errorTexts).map((code) => [`failed-${code}`, { model: failed(code as ErrorCode) }]),
) as Record<`failed-${ErrorCode}`, Face>;

export const FACES = {
  // The button alone.
  idle: {},
  'idle-small': { attributes: { size: 'small' } },
  'idle-large': { attributes: { size: 'large' } },
  'idle-outline': { attributes: { variant: 'outline' } },
  'idle-plain': { attributes: { variant: 'plain' } },
  'idle-full-width': { attributes: { 'full-width': '' } },
  'icon-only': { attributes: { 'icon-only': '' } },
  'floating-place': { attributes: { placement: 'bottom-end' } },
  'text-alternative': { slots: { 'text-alternative': 'Rather write? We answer chats, too.' } },
  disabled: { attributes: { disabled: '' } },
  consent: {
    attributes: { 'require-consent': '' },
    slots: { consent: 'Calls may be recorded. Press the button again if you agree.' },
    asking: true,
  },
  'idle-closed': { note: 'closed', slots: CALLBACK },
  'idle-busy-elsewhere': { note: 'busy' },
  unsupported: {
    slots: { fallback: 'Call us at the number on your invoice, or write to us.' },
    unsupported: true,
  },

  // Before somebody answers.
  preparing: { model: { state: 'preparing' } },
  'preparing-prompt': { model: { state: 'preparing', prompting: true } },
  'preparing-own-window': { model: { state: 'preparing', movable: true } },
  dialing: { model: { state: 'dialing', devices } },
  ringing: { model: { state: 'ringing', devices } },
  'ringing-muted': { model: { state: 'ringing', devices, muted: true } },

  // In a call.
  active: { model: call(), level: 0.45 },
  'active-long': { model: call({ seconds: 4207 }), level: 0.2 },
  muted: { model: call({ muted: true }) },
  keypad: { model: call({ pane: 'keypad', digits: '2074#' }) },
  devices: { model: call({ pane: 'devices' }), level: 0.6 },
  'devices-without-speakers': {
    model: call({ pane: 'devices', devices: { ...devices, speakers: [], microphone: undefined } }),
    level: 0.6,
  },
  'microphone-test': { model: call({ pane: 'devices', microphoneTest: 'recording' }), level: 0.7 },
  'microphone-test-playing': { model: call({ pane: 'devices', microphoneTest: 'playing' }) },
  'quality-good': { model: call({ quality: 'good' }) },
  'quality-fair': { model: call({ quality: 'fair' }) },
  'quality-poor': { model: call({ quality: 'poor' }) },
  'not-heard': { model: call({ notice: 'notHeard' }) },
  'speaking-muted': { model: call({ muted: true, notice: 'speakingMuted' }) },
  'device-changed': { model: call({ notice: 'deviceChanged' }) },
  'audio-blocked': { model: call({ audioBlocked: true }) },
  held: { model: call({ held: true }) },
  reconnecting: { model: call({ reconnecting: true, quality: undefined }) },
  'near-the-end': { model: call({ seconds: 1770, secondsLeft: 30 }) },
  'own-window-active': { model: call({ movable: true }) },
  'no-mute': { model: call(), attributes: { 'no-mute': '' } },
  'no-keypad': { model: call(), attributes: { 'no-keypad': '' } },
  'no-devices': { model: call(), attributes: { 'no-devices': '' } },
  bare: { model: call(), attributes: { 'no-mute': '', 'no-keypad': '', 'no-devices': '' } },

  // Afterwards.
  ending: { model: { state: 'ending', seconds: 83, devices } },
  ended: { model: { state: 'ended', seconds: 125 } },
  'ended-own-window': { model: { state: 'ended', seconds: 125, movable: true } },
  cancelled: { model: { state: 'ended', cancelled: true } },

  // What went wrong.
  ...failures,
  'failed-mic-denied-chromium': { model: failed('mic-denied', { wayOut: { steps: 'stepsChromium' } }) },
  'failed-mic-denied-firefox': { model: failed('mic-denied', { wayOut: { steps: 'stepsFirefox' } }) },
  'failed-mic-denied-safari': { model: failed('mic-denied', { wayOut: { steps: 'stepsSafari' } }) },
  'failed-mic-denied-android': { model: failed('mic-denied', { wayOut: { steps: 'stepsAndroid' } }) },
  'failed-mic-denied-ios': { model: failed('mic-denied', { wayOut: { steps: 'stepsIos' } }) },
  'failed-mic-missing-code': { model: failed('mic-missing', { wayOut: { link: LINK, code: qrCode(LINK) } }) },
  'in-app-browser': {
    model: failed('mic-blocked', { wayOut: { link: LINK, openInBrowser: `${LINK}?in-browser` } }),
  },
  'in-app-browser-copied': { model: failed('mic-blocked', { wayOut: { link: LINK }, linkCopied: true }) },
  closed: {
    model: failed('line-closed', { opensAt: OPENS_AT }),
    slots: CALLBACK,
  },
  'closed-until-further-notice': { model: failed('line-closed') },
  'busy-with-callback': { model: failed('busy'), slots: CALLBACK },
  'busy-elsewhere': { model: failed('busy-elsewhere') },
  offline: { model: failed('offline') },

  // In the flow of the page.
  'inline-ringing': { model: { state: 'ringing', devices }, attributes: { panel: 'inline' } },
  'inline-active': { model: call(), attributes: { panel: 'inline' }, level: 0.45 },
  'inline-keypad': { model: call({ pane: 'keypad', digits: '12' }), attributes: { panel: 'inline' } },
  'inline-ended': { model: { state: 'ended', seconds: 125 }, attributes: { panel: 'inline' } },
  'inline-failed': { model: failed('no-answer'), attributes: { panel: 'inline' }, slots: CALLBACK },
} satisfies Record<string, Face>;

export type FaceName = keyof typeof FACES;

const pointless = () => {};

/** Nobody is in the call, so that no control does anything. */
const NO_ACTIONS: PanelActions = {
  hangup: pointless,
  toggleMute: pointless,
  togglePane: pointless,
  sendDigit: pointless,
  hear: pointless,
  callAgain: pointless,
  close: pointless,
  chooseMicrophone: pointless,
  chooseSpeaker: pointless,
  testMicrophone: pointless,
  copyLink: pointless,
  ownWindow: pointless,
};

/** Takes back what the face before has put on an element. */
const undoing = new WeakMap<SautikitCallButton, () => void>();

/**
 * Shows a face on an element that is in the document and in no call, in the language of the element; resolves when it is
 * drawn.
 *
 * @param actions what the controls do; by default nothing
 */
export async function showFace(
  element: SautikitCallButton,
  name: FaceName,
  actions: Partial<PanelActions> = {},
): Promise<void> {
  undoing.get(element)?.();
  mend?.();
  const face: Face = FACES[name];
  const model: PanelModel = { ...newPanelModel(), ...face.model };
  const words = await loadWords(languageOf(element));

  const port: PanelPort = { element, lit: { html, nothing }, show: (panel) => (element._panel = panel) };
  const panel = new CallPanel(port, () => words, { ...NO_ACTIONS, ...actions });
  if (face.unsupported) await startAfresh(element);
  const takeBack = dress(element, face);
  element.state = model.state === 'idle' ? null : model.state;
  element._asking = Boolean(face.asking);
  element._notes = face.note ? { [face.note]: noteOf(face.note, words) } : {};
  if (face.model) panel.open(model);
  undoing.set(element, () => {
    panel.close();
    takeBack();
  });

  if (face.unsupported) breakBrowser();
  element.requestUpdate();
  await element.updateComplete;
  if (face.unsupported) await wayOutSaid(element);
  if (face.level !== undefined) panel.setLevel(face.level);
}

/** As the element itself says it before a call. */
function noteOf(note: 'closed' | 'busy', words: Words): TemplateResult {
  const { language, direction } = words;
  if (note === 'busy') return html`<span class="said" lang=${language}>${words.text('elsewhere')}</span>`;
  const opens = words.text('opensAt', { when: words.when(OPENS_AT) });
  return html`<span lang=${language} dir=${direction}>${words.text('closed')}. ${opens}</span
    ><slot name="callback"></slot>`;
}

/** Puts attributes and slotted texts on an element. @returns takes them away again */
function dress(element: SautikitCallButton, { attributes = {}, slots = {} }: Face): () => void {
  const before = Object.keys(attributes).map((name) => [name, element.getAttribute(name)] as const);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  const children = Object.entries(slots).map(([slot, text]) => {
    const child = document.createElement('p');
    child.slot = slot;
    child.textContent = text;
    return element.appendChild(child);
  });
  return () => {
    for (const [name, value] of before) {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
    for (const child of children) child.remove();
  };
}

/** An element says once beside its fallback how else to call, and again after it was taken out of the document. */
async function startAfresh(element: SautikitCallButton): Promise<void> {
  const { parentNode, nextSibling } = element;
  element.remove();
  // It gives back what it has a microtask later.
  await Promise.resolve();
  parentNode?.insertBefore(element, nextSibling);
}

/** What the element says beside the fallback comes in a file of its own. */
async function wayOutSaid(element: SautikitCallButton): Promise<void> {
  for (let patience = 250; patience && !element._notes.other; patience--) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await element.updateComplete;
}

let mend: (() => void) | undefined;

/** Makes the page look to the element like one in a browser that cannot call, until another face is shown. */
function breakBrowser(): void {
  const { RTCPeerConnection } = globalThis;
  Reflect.set(globalThis, 'RTCPeerConnection', undefined);
  mend = () => {
    globalThis.RTCPeerConnection = RTCPeerConnection;
    mend = undefined;
  };
}
