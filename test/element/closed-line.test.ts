import { aTimeout, expect } from '@open-wc/testing';
import { button, listen, part, press, until } from './support/button.js';

/** Stands in for the status endpoint, which the tests of the server hold to its contract. */
function statusEndpoint(answer: () => Response | Promise<Response>) {
  const real = window.fetch;
  const asked: Request[] = [];
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!request.url.includes('/api/status')) return real(input, init);
    asked.push(request);
    return await answer();
  };
  return { asked, restore: () => void (window.fetch = real) };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const note = (element: HTMLElement) => element.shadowRoot!.getElementById('note')!;

describe('a button with a status-url', () => {
  let endpoint: ReturnType<typeof statusEndpoint>;
  afterEach(() => endpoint.restore());

  it('says that the line is closed and when it opens, and keeps from calling', async () => {
    endpoint = statusEndpoint(() => json({ available: false, opens_at: '2031-03-03T08:00:00Z' }));
    const events = listen();
    const element = await button({ 'status-url': '/api/status', lang: 'en' });
    await until(() => element.availability === 'closed', 'closed');
    await element.updateComplete;
    expect(part(element, 'button')).to.have.attribute('aria-disabled', 'true');
    expect(part(element, 'button')!.getAttribute('aria-describedby')).to.equal(note(element).id);
    expect(note(element).textContent).to.match(/closed.*We open .*\d/s);
    press(element);
    await aTimeout(50);
    expect(element.callState).to.equal('idle');
    expect(events.heard).to.deep.equal([]);
    events.stop();
  });

  it('offers the slot callback beside it', async () => {
    endpoint = statusEndpoint(() => json({ available: false }));
    const element = await button({ 'status-url': '/api/status' });
    const callback = document.createElement('a');
    callback.slot = 'callback';
    element.append(callback);
    await until(() => callback.assignedSlot, 'the slot');
  });

  it('asks for its line, without credentials', async () => {
    endpoint = statusEndpoint(() => json({ available: true }));
    const element = await button({ 'status-url': '/api/status?shop=1' });
    await until(() => endpoint.asked.length === 1, 'one question');
    const [request] = endpoint.asked;
    expect(new URL(request!.url).search).to.equal('?shop=1&line=sales');
    expect(request!.credentials).to.equal('omit');
    expect(element.availability).to.equal('available');
  });

  it('asks only when it becomes visible', async () => {
    endpoint = statusEndpoint(() => json({ available: false }));
    const far = document.createElement('div');
    far.style.height = '300vh';
    document.body.prepend(far);
    const element = await button({ 'status-url': '/api/status' });
    await aTimeout(300);
    expect(endpoint.asked).to.have.length(0);
    element.scrollIntoView();
    await until(() => element.availability === 'closed', 'closed');
    far.remove();
  });

  it('asks again for another line', async () => {
    endpoint = statusEndpoint(() => json({ available: !endpoint.asked.at(-1)!.url.includes('line=night') }));
    const element = await button({ 'status-url': '/api/status' });
    await until(() => endpoint.asked.length === 1, 'one question');
    element.setAttribute('line', 'night');
    await until(() => element.availability === 'closed', 'closed');
    element.setAttribute('line', 'sales');
    await until(() => element.availability === 'available', 'open');
  });

  for (const [what, answer] of Object.entries({
    'an error': () => json({}, 500),
    'no JSON': () => new Response('<html>'),
    'no object': () => json(null),
    'something else': () => json({ available: 'no' }),
    nothing: () => Promise.reject(new TypeError('no network')),
  })) {
    it(`counts as open where the endpoint answers ${what}`, async () => {
      endpoint = statusEndpoint(answer);
      const element = await button({ 'status-url': '/api/status' });
      await until(() => endpoint.asked.length === 1, 'one question');
      await aTimeout(50);
      expect(element.availability).to.equal('available');
      expect(note(element).textContent!.trim()).to.equal('');
    });
  }

  it('shows no time where the endpoint names none that is one', async () => {
    endpoint = statusEndpoint(() => json({ available: false, opens_at: 'soon' }));
    const element = await button({ 'status-url': '/api/status', lang: 'en' });
    await until(() => element.availability === 'closed', 'closed');
    await element.updateComplete;
    expect(note(element).textContent).not.to.match(/open /);
  });

  it('keeps its place: the button does not move when the answer comes', async () => {
    endpoint = statusEndpoint(() => json({ available: false }));
    const element = await button({ 'status-url': '/api/status' });
    const before = element.getBoundingClientRect().height;
    await until(() => element.availability === 'closed', 'closed');
    await element.updateComplete;
    expect(element.getBoundingClientRect().height).to.be.closeTo(before, 1);
  });
});

describe('a button whose owner gave no label', () => {
  for (const [lang, label] of Object.entries({ en: 'Call', sw: 'Piga simu', 'pt-BR': 'Ligar', nl: 'Call' })) {
    it(`is “${label}” in ${lang}`, async () => {
      const element = await button({ lang });
      element.textContent = '';
      element.requestUpdate();
      await element.updateComplete;
      expect(element.shadowRoot!.querySelector('[part=label]')!.textContent!.trim()).to.equal(label);
    });
  }
});
