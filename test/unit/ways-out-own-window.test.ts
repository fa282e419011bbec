import { expect } from '@open-wc/testing';
import type { ButtonElement } from '../../src/element/facade-port.js';
import { attributesOf, copyContent, labelOf, themeOf } from '../../src/element/own-window-content.js';
import { canOpenOwnWindow } from '../../src/element/own-window.js';

/** Not the element, only what the own window reads of one. */
function button(html: string, properties: object = {}): ButtonElement {
  const holder = document.createElement('div');
  holder.innerHTML = html;
  document.body.append(holder);
  const element = holder.firstElementChild as HTMLElement;
  return Object.assign(element, { tokenUrl: '/token', ...properties }) as ButtonElement;
}

describe('a window of its own', () => {
  afterEach(() => document.body.replaceChildren());

  it('has the element’s attributes, with addresses that hold there too', () => {
    const element = button(
      '<x-button id="a" class="b" style="color: red" onclick="void 0" aria-label="x" full-width placement="bottom-end" ' +
        'token-url="/token" line="sales" context=\'{"page":"home"}\' no-keypad token-credentials="include" report-url="/calls"></x-button>',
      { statusUrl: '/status', line: 'sales', messages: { call: 'Ring' } },
    );
    expect(Object.fromEntries(attributesOf(element))).to.deep.equal({
      'token-url': `${location.origin}/token`,
      'status-url': `${location.origin}/status`,
      line: 'sales',
      context: '{"page":"home"}',
      messages: '{"call":"Ring"}',
      'no-keypad': '',
      'token-credentials': 'include',
      'report-url': `${location.origin}/calls`,
      panel: 'inline',
    });
  });

  it('asks for consent again only where nothing has been agreed to', () => {
    const before = button('<x-button require-consent></x-button>');
    expect(attributesOf(before).has('require-consent')).to.equal(true);
    const after = button('<x-button require-consent state="preparing"></x-button>');
    expect(attributesOf(after).has('require-consent')).to.equal(false);
    expect(attributesOf(after).has('state')).to.equal(false);
  });

  it('is named like the button', () => {
    expect(labelOf(button('<x-button><!-- ours -->\n  Call <b>us</b> <i slot="icon">i</i></x-button>'))).to.equal(
      'Call us',
    );
    expect(labelOf(button('<x-button></x-button>', { label: 'Ring us' }))).to.equal('Ring us');
    expect(labelOf(button('<x-button></x-button>'))).to.equal(document.title);
  });

  it('has the content of the known slots, without scripts and handlers', () => {
    const element = button(
      '<x-button>Call<a slot="callback" href="back" onclick="void 0">Back<script>void 0</script></a>' +
        '<p slot="other">Not ours</p><script type="application/json">{}</script></x-button>',
    );
    const target = document.implementation.createHTMLDocument();
    const copies = copyContent(element, target).map((node) =>
      node instanceof Text ? node.data : (node as Element).outerHTML,
    );
    const href = new URL('back', document.baseURI).href;
    expect(copies).to.deep.equal(['Call', `<a slot="callback" href="${href}">Back</a>`]);
  });

  it('has what an application hands on through a slot of its own', () => {
    const host = document.createElement('div');
    host.innerHTML = 'Handed <b slot="talk">on</b>';
    document.body.append(host);
    const root = host.attachShadow({ mode: 'open' });
    root.innerHTML = '<x-button><slot></slot><slot name="talk" slot="text-alternative"></slot></x-button>';
    const target = document.implementation.createHTMLDocument();
    const copies = copyContent(root.firstElementChild as HTMLElement, target);
    expect(copies.map((node) => node.textContent)).to.deep.equal(['Handed ', 'on']);
    expect((copies[1] as Element).slot).to.equal('text-alternative');
  });

  it('has every token that the element’s style sheets ask for, as it is here', () => {
    const element = button('<x-button style="--sautikit-accent: teal; --other: 1; color-scheme: dark"></x-button>');
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ':host { color: var(--sautikit-accent, red) } @media print { p { margin: var(--sautikit-gap, 0) } }',
    );
    element.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    const theme = themeOf(element);
    expect(theme.get('--sautikit-accent')).to.equal('teal');
    expect(theme.get('color-scheme')).to.equal('dark');
    expect(theme.has('font-family')).to.equal(true);
    expect(theme.has('--sautikit-gap')).to.equal(false);
    expect(theme.has('--other')).to.equal(false);
  });
});

describe('whether there can be a window of its own', () => {
  /** A file that stands for the entry, and defines nothing. */
  const addEntry = () => {
    const script = document.createElement('script');
    script.type = 'module';
    script.src = '/test/unit/support/sautikit-call-button.js?v=1';
    document.body.append(script);
  };

  afterEach(() => document.body.replaceChildren());

  it('asks for a script with an address, which a bundled application does not have', () => {
    const element = button('<x-button></x-button>');
    expect(canOpenOwnWindow(element)).to.equal(false);
    addEntry();
    expect(canOpenOwnWindow(element)).to.equal(true);
  });

  it('asks for an address of tokens, and nothing that ends with the page', () => {
    addEntry();
    expect(canOpenOwnWindow(button('<x-button></x-button>', { tokenUrl: null }))).to.equal(false);
    expect(canOpenOwnWindow(button('<x-button></x-button>', { tokenProvider: () => {} }))).to.equal(false);
    expect(canOpenOwnWindow(button('<x-button></x-button>', { solveChallenge: () => {} }))).to.equal(false);
  });
});
