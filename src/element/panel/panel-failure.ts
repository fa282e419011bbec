import { icon } from './icons.js';
import type { WayOut } from './panel-model.js';
import type { Part, View } from './view.js';

/** Endings after which an owner may want to offer a call back. */
const WORTH_A_CALLBACK: readonly (string | undefined)[] = ['line-closed', 'busy', 'no-answer', 'declined'];

/** An address as a person would say it. */
const bare = (link: string) => link.replace(/^https?:\/\//, '');

function code({ lit: { html }, words }: View, { path, size }: NonNullable<WayOut['code']>): Part {
  return html`<figure class="code">
    <svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${words.text('scan')} shape-rendering="crispEdges">
      <path d=${path} />
    </svg>
    <figcaption aria-hidden="true">${words.text('scan')}</figcaption>
  </figure>`;
}

function link({ lit, model, actions, words }: View, address: string): Part {
  return lit.html`<div class="link">
    <button class="wide copy" type="button" @click=${actions.copyLink}>
      ${icon(lit, model.linkCopied ? 'done' : 'copy')}
      <span>${words.text(model.linkCopied ? 'copied' : 'copyLink')}</span>
    </button>
    <bdi class="address" dir="ltr">${bare(address)}</bdi>
  </div>`;
}

/** What leads on where calling again does not: steps, another browser, the phone; and what the owner offers. */
export function panelFailure(view: View): Part {
  const { lit, model, words } = view;
  const { html, nothing } = lit;
  const way = model.wayOut;
  return html`${way?.steps ? html`<p class="steps">${words.text(way.steps)}</p>` : nothing}
  ${
    way?.openInBrowser
      ? html`<a class="wide elsewhere" href=${way.openInBrowser} target="_blank" rel="noopener">
          ${icon(lit, 'window')}<span>${words.text('openInBrowser')}</span>
        </a>`
      : nothing
  }
  ${way?.code ? code(view, way.code) : nothing} ${way?.link ? link(view, way.link) : nothing}
  ${WORTH_A_CALLBACK.includes(model.error) ? html`<slot name="callback"></slot>` : nothing}`;
}
