import type { ErrorCode } from '../errors.js';
import { errorTexts } from '../i18n/error-texts.js';
import type { Words } from '../i18n/words.js';
import type { BeforeCall, FacadePort } from './facade-port.js';
import { LineStatus } from './line-status.js';
import { setCustomStates } from './custom-states.js';
import { wordsFor } from './words-for.js';
import { findWayOut } from './ways-out/ways-out.js';

/** The attributes that change what is said. */
const WATCHED = ['status-url', 'line', 'lang', 'messages'];

/**
 * What a button says before anybody has clicked: that its line is closed and when it opens, or how else to call where this
 * browser cannot. Loaded only where the page asks for the one, or the browser for the other.
 */
export function beforeCall(port: FacadePort, obstacle: ErrorCode | undefined): BeforeCall {
  if (obstacle) {
    void sayWayOut(port, obstacle);
    return { dispose: () => {} };
  }
  const { element } = port;
  let run = 0;
  let closedUntil: { opensAt: Date | undefined } | undefined;
  const show = async (): Promise<void> => {
    const current = ++run;
    const words = closedUntil && (await wordsFor(element));
    if (current !== run) return;
    port.note('closed', words && closedNote(port, words, closedUntil?.opensAt));
    setCustomStates(element, 'line', closedUntil ? ['closed'] : []);
  };
  const status = new LineStatus(element, (closed) => {
    closedUntil = closed;
    void show();
  });
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ attributeName }) => attributeName === 'status-url' || attributeName === 'line'))
      status.refresh();
    else void show();
  });
  observer.observe(element, { attributeFilter: WATCHED });
  return {
    dispose() {
      run++;
      observer.disconnect();
      status.stop();
    },
  };
}

function closedNote({ lit: { html, nothing } }: FacadePort, words: Words, opensAt: Date | undefined) {
  return html`<span lang=${words.language} dir=${words.direction}
      >${words.text('closed')}${opensAt ? html`. ${words.text('opensAt', { when: words.when(opensAt) })}` : nothing}</span
    >${' '}<slot name="callback"></slot>`;
}

/** A browser inside another program has no microphone; the system's own has. */
async function sayWayOut(port: FacadePort, obstacle: ErrorCode): Promise<void> {
  const way = await findWayOut(obstacle);
  if (!way?.openInBrowser && !way?.link) return;
  const { html, nothing } = port.lit;
  const words = await wordsFor(port.element);
  const copy = (): void => {
    void navigator.clipboard?.writeText(way.link ?? '').then(
      () => port.announce(words.text('copied')),
      () => {},
    );
  };
  port.note(
    'other',
    html`<span lang=${words.language} dir=${words.direction}
      >${words.text(errorTexts[obstacle][0])}.
      ${way.openInBrowser ? html`<a href=${way.openInBrowser}>${words.text('openInBrowser')}</a>` : nothing}
      ${way.link && navigator.clipboard ? html`<button type="button" @click=${copy}>${words.text('copyLink')}</button>` : nothing}</span
    >`,
  );
}
