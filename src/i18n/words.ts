import type { Messages } from './messages.js';

export type TextKey = Exclude<keyof Messages, 'secondsLeft'>;

const RTL = /^ar\b/;

/** What is said, in one language, with the numbers and times of that language. */
export class Words {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly #messages: Messages;

  constructor(language: string, messages: Messages, overrides: Partial<Messages> = {}) {
    this.language = language;
    this.direction = RTL.test(language) ? 'rtl' : 'ltr';
    this.#messages = { ...messages, ...overrides };
  }

  /** A text, with `{name}` filled in. */
  text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return this.#messages[key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
  }

  /** Seconds that a call may still last. */
  secondsLeft(seconds: number): string {
    const { secondsLeft } = this.#messages;
    const text = secondsLeft[new Intl.PluralRules(this.language).select(seconds)] ?? secondsLeft.other;
    return text.replace('#', new Intl.NumberFormat(this.language).format(seconds));
  }

  /** `3:05`. */
  clock(seconds: number): string {
    const digits = new Intl.NumberFormat(this.language, { minimumIntegerDigits: 2 }).format(Math.floor(seconds % 60));
    return `${new Intl.NumberFormat(this.language).format(Math.floor(seconds / 60))}:${digits}`;
  }

  /** A weekday and a time, in the visitor's own time zone. */
  when(moment: Date): string {
    return new Intl.DateTimeFormat(this.language, { weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(
      moment,
    );
  }

  /** The name of a key for screen readers. */
  digit(key: string): string {
    return key === '*' ? this.text('star') : key === '#' ? this.text('hash') : key;
  }
}
