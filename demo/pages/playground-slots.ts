/** What an owner can put between the tags of the element, beside the label. */
export interface Slot {
  name: string;
  title: string;
  /** One sentence: when it shows. */
  help: string;
  initial?: string;
  initialLink?: string;
  placeholder: string;
  linkPlaceholder: string;
}

export const SLOTS: readonly Slot[] = [
  {
    name: 'fallback',
    title: 'Where nobody can call',
    help: 'Shows in browsers without calls, and without JavaScript.',
    initial: 'This browser cannot make calls. Write to our shop.',
    initialLink: 'mailto:shop@dukafresh.example',
    placeholder: 'Write to us',
    linkPlaceholder: 'mailto:shop@example.com',
  },
  {
    name: 'text-alternative',
    title: 'Instead of speaking',
    help: 'Stands beside the button before a call: chat, relay or mail.',
    placeholder: 'Chat with us',
    linkPlaceholder: 'https://example.com/chat',
  },
  {
    name: 'callback',
    title: 'When nobody answers',
    help: 'Offered when the line is closed or busy, or nobody answers.',
    placeholder: 'We call you back',
    linkPlaceholder: 'https://example.com/callback',
  },
  {
    name: 'consent',
    title: 'Consent',
    help: 'What the visitor agrees to, with “Ask for consent first”.',
    placeholder: 'Your voice goes through our phone system.',
    linkPlaceholder: 'https://example.com/privacy',
  },
];

/** Pictures for the slot `icon`, as paths in a square of 24 units. Without one, the handset of the element stays. */
export const ICONS: Readonly<Record<string, { title: string; path: string }>> = {
  '': { title: 'Handset', path: '' },
  headset: {
    title: 'Headset',
    path: 'M12 3a8 8 0 0 0-8 8v6a3 3 0 0 0 3 3h2v-8H6v-1a6 6 0 0 1 12 0v1h-3v8h3v1h-5v2h5a2 2 0 0 0 2-2V11a8 8 0 0 0-8-8Z',
  },
  speech: {
    title: 'Speech bubble',
    path: 'M5 3h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 5v-5H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z',
  },
  heart: {
    title: 'Heart',
    path: 'M12 21 4.2 13a5 5 0 0 1 0-7.2 5 5 0 0 1 7 0l.8.9.8-.9a5 5 0 0 1 7 7.2Z',
  },
};
