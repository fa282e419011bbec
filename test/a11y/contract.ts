/**
 * What screen readers are told, as data: the tests hold the button to it, and the tables in `docs/screen-readers.md` are
 * made from it (`tables.ts`). Texts are named by their keys in `Messages`.
 */
import type { TextKey } from '../../src/i18n/words.js';

/** `status` waits until the screen reader has finished what it says, `alert` does not; `none` says nothing. */
export type Politeness = 'status' | 'alert' | 'none';

export interface Announcement {
  /** What happens, as the caller would tell it. */
  when: string;
  /** The text, or what it is where it is not one text. */
  says: TextKey | { description: string };
  how: Politeness;
  /** Where the focus goes; left out where it stays. */
  focus?: string;
}

const nothing = (why: string): Announcement['says'] => ({ description: why });

export const ANNOUNCEMENTS: readonly Announcement[] = [
  {
    when: 'The page has loaded',
    says: nothing('both live regions are there, and empty'),
    how: 'none',
  },
  {
    when: 'The button asks for consent first (`require-consent`)',
    says: nothing('the text of the `consent` slot, once'),
    how: 'status',
  },
  {
    when: 'The caller starts the call',
    says: 'preparing',
    how: 'none',
    focus: 'to the heading of the panel, which is thereby read',
  },
  { when: 'The call goes out', says: 'dialing', how: 'status' },
  { when: 'It rings at the other end', says: 'ringing', how: 'status' },
  { when: 'Somebody answers', says: 'active', how: 'status' },
  {
    when: 'The seconds of the timer pass',
    says: nothing('nothing, ever: the timer has `aria-live="off"`'),
    how: 'none',
  },
  { when: 'The microphone is muted', says: 'muted', how: 'status' },
  { when: 'The microphone is on again', says: 'unmuted', how: 'status' },
  {
    when: 'Digits are typed or keys of the keypad pressed',
    says: nothing('nothing: the keys name themselves'),
    how: 'none',
  },
  {
    when: 'The caller opens keypad or sound settings by their button',
    says: nothing('what has the focus then'),
    how: 'none',
    focus: 'to their first control; digits that are typed show the keypad and leave the focus where it is',
  },
  { when: 'The far side puts the call on hold', says: 'held', how: 'status' },
  { when: 'The connection is lost, and the call is brought back', says: 'reconnecting', how: 'status' },
  { when: 'The call is back', says: 'active', how: 'status' },
  { when: 'The microphone hears nothing for some seconds', says: 'notHeard', how: 'status' },
  { when: 'The caller speaks while muted', says: 'speakingMuted', how: 'status' },
  { when: 'Another microphone or speaker is used', says: 'deviceChanged', how: 'status' },
  { when: 'The network becomes poor', says: 'poor', how: 'status' },
  { when: 'The browser holds back the sound', says: 'soundHeld', how: 'status' },
  { when: 'The gateway is about to end the call', says: nothing('the seconds left, once'), how: 'status' },
  {
    when: 'The caller puts the panel away (Escape, “Hide”)',
    says: nothing('nothing: the call goes on'),
    how: 'none',
    focus: 'back to the button',
  },
  {
    when: 'The caller opens the panel again',
    says: nothing('the heading, by the focus'),
    how: 'none',
    focus: 'to the heading of the panel',
  },
  { when: 'The call is being ended', says: 'ending', how: 'status' },
  {
    when: 'The call is over',
    says: 'ended',
    how: 'status',
    focus: 'to the heading, where it was in the panel',
  },
  { when: 'The caller hung up before anybody answered', says: 'cancelled', how: 'status' },
  {
    when: 'The call could not begin, or failed',
    says: nothing('what happened, such as “The line is busy”; what can be done is the text after the heading'),
    how: 'alert',
  },
  { when: 'The way out has copied a link', says: 'copied', how: 'status' },
];
