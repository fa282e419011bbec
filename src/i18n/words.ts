import { catalogueOf, directionOf } from './language.js';
import type { Messages } from './messages.js';

export type TextKey = Exclude<keyof Messages, 'secondsLeft'>;

const DAY = 86_400_000;

/** Midnight of a moment's day in the visitor's own time zone, counted in days; the hour of summer time does not matter. */
const dayOf = (moment: Date): number => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / DAY;

/** What is said, in one language, with the numbers and times of that language. */
export class Words {
  /** For `lang` attributes and for `Intl`: a language tag (BCP 47), with the region where one was asked for. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly #messages: Messages;
  /** A browser that has no numbers and dates for a language would take its own; English ones are understood sooner. */
  readonly #locales: readonly string[];
  /** By the least number of digits. To make one takes milliseconds, and the clock of a call needs two a second. */
  readonly #numbers: Intl.NumberFormat[] = [];

  constructor(language: string, messages: Messages, overrides: Partial<Messages> = {}) {
    this.language = language;
    this.direction = directionOf(catalogueOf(language) ?? 'en');
    this.#messages = { ...messages, ...overrides };
    this.#locales = [language, 'en'];
  }

  /** A text, with `{name}` filled in. */
  text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return this.#messages[key].replace(/\{(\w+)\}/g, (all, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name]! : all;
      return typeof value === 'number' ? this.#number(value) : value;
    });
  }

  /** Seconds that a call may still last. */
  secondsLeft(seconds: number): string {
    const { secondsLeft } = this.#messages;
    const text = secondsLeft[new Intl.PluralRules([...this.#locales]).select(seconds)] ?? secondsLeft.other;
    return text.replace('#', this.#number(seconds));
  }

  /** `3:05`, and `1:03:05` from an hour on. */
  clock(seconds: number): string {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const shown = hours ? [this.#number(hours), this.#number(minutes, 2)] : [this.#number(minutes)];
    return [...shown, this.#number(Math.floor(seconds % 60), 2)].join(':');
  }

  /**
   * A weekday and a time, in the visitor's own time zone; with day and month where the weekday alone would be another one,
   * that is from a week on, and in the past.
   */
  when(moment: Date, now = new Date()): string {
    const days = dayOf(moment) - dayOf(now);
    return new Intl.DateTimeFormat([...this.#locales], {
      weekday: 'long',
      hour: 'numeric',
      minute: '2-digit',
      ...(days < 0 || days > 6 ? { day: 'numeric', month: 'long' } : {}),
    }).format(moment);
  }

  /** The name of a key for screen readers. */
  digit(key: string): string {
    return key === '*' ? this.text('star') : key === '#' ? this.text('hash') : key;
  }

  #number(value: number, minimumIntegerDigits = 1): string {
    const format = (this.#numbers[minimumIntegerDigits] ??= new Intl.NumberFormat([...this.#locales], {
      minimumIntegerDigits,
    }));
    return format.format(value);
  }
}
