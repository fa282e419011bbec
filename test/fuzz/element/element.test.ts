import { expect } from '@open-wc/testing';
import { executeServerCommand } from '@web/test-runner-commands';
import fc, { type Arbitrary } from 'fast-check';
import { SautikitCallButton } from '../../../src/element/call-button.js';
import '../../../src/define.js';
import { state, until } from '../../element/support/button.js';
import { Desk } from '../../element/support/desk.js';
import { bearer } from '../../unit/support/grants.js';
import { NUMBERS, TEXTS, URIS } from '../support/hostile.js';
import { almost, anyJson, damaged } from '../support/json.js';
import { imposePolicy, intruders } from '../support/page-policy.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-page.js';
import { Watch } from '../support/watch.js';

/** Every attribute that the manifest describes, so that a new one is tried by itself. */
const ATTRIBUTES = (await executeServerCommand('described-attributes')) as string[];
/** Every property that is a page's to set, and those of them that take an object or a function. */
const SETTINGS = [...SautikitCallButton.elementProperties].filter(([, { state }]) => !state);
const PROPERTIES = [...SETTINGS.map(([name]) => String(name)), 'muted'];
const OPEN = SETTINGS.filter(([, { attribute }]) => attribute === false).map(([name]) => String(name));
/** What the owner writes himself may come back to him, in `from` of an event for one. */
const SECRETS = ['secret-signature'];

const words = fc.constantFrom(...TEXTS, ...NUMBERS, ...URIS);
const languages = ['en', 'sw', 'ar', 'en_KE', 'x-fuzz', 'en-u-nu-deva', 'i-klingon', '-', 'e', 'en-'.repeat(2000)];
const messages = almost({
  call: ['Ring', '<b>Ring</b>', '{name}'],
  closed: ['Shut', '{when}'],
  secondsLeft: [{ other: '# left' }, { one: '#', few: 1 }, '#'],
});
const attributeValue: Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: words },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.constantFrom(...languages) },
  { weight: 2, arbitrary: messages.chain((object) => damaged(JSON.stringify(object))) },
  { weight: 1, arbitrary: fc.nat(5).map((length) => 'long '.repeat(10 ** length / 5)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'popover',
      'inline',
      'bottom-end',
      'idle',
      'none',
      'GET',
      'include',
      '/fuzz-status',
      '/none',
    ),
  },
);

/** What a script may set and no attribute can say. Named, so that a finding can be printed. */
const OBJECTS: Readonly<Record<string, () => unknown>> = {
  throwingGetters: () =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        ['call', 'closed', 'secondsLeft', 'toString', 'then'].map((name) => [
          name,
          {
            enumerable: true,
            get() {
              throw new RangeError('secret-signature');
            },
          },
        ]),
      ),
    ),
  throwingProxy: () =>
    new Proxy(function () {}, {
      get() {
        throw new TypeError('secret-signature');
      },
      apply() {
        throw new TypeError('secret-signature');
      },
      ownKeys() {
        throw new TypeError('secret-signature');
      },
      getOwnPropertyDescriptor() {
        throw new TypeError('secret-signature');
      },
      has() {
        throw new TypeError('secret-signature');
      },
    }),
  noPrototype: () => Object.create(null) as unknown,
  throwingFunction: () => () => {
    throw new Error('secret-signature');
  },
  rejectingFunction: () => () => Promise.reject(new Error('secret-signature')),
  emptyFunction: () => () => undefined,
  hostileThenable: () => () => ({
    then() {
      throw new Error('secret-signature');
    },
  }),
  answeringFunction: () => () => Promise.resolve({ ...bearer(), gateway_url: 'wss://127.0.0.1:9/' }),
  symbol: () => Symbol('fuzz'),
  bigint: () => 10n,
  element: () => document.createElement('script'),
  window: () => window,
  cycle: () => {
    const cycle: Record<string, unknown> = {};
    cycle['call'] = cycle;
    return cycle;
  },
  null: () => null,
  undefined: () => undefined,
};

type Step =
  | { do: 'attribute'; name: string; value: string }
  | { do: 'property'; name: string; object: string }
  | { do: 'value'; name: string; value: unknown }
  | { do: 'act'; act: keyof typeof ACTS };

/** What a page or a visitor may do at any time. */
const ACTS = {
  remove: (element: SautikitCallButton) => element.remove(),
  putBack: (element: SautikitCallButton) => document.body.append(element),
  call: (element: SautikitCallButton) => element.call(),
  hangup: (element: SautikitCallButton) => element.hangup(),
  press: (element: SautikitCallButton) => element.shadowRoot?.querySelector('button')?.click(),
  digits: (element: SautikitCallButton) => element.sendDTMF('9'.repeat(1000)),
  noDigits: (element: SautikitCallButton) => element.sendDTMF(`<img>${Symbol.iterator.toString()}` as string),
  open: (element: SautikitCallButton) => element.open(),
  close: (element: SautikitCallButton) => element.close(),
  mute: (element: SautikitCallButton) => element.toggleMute(),
  look: (element: SautikitCallButton) => [element.availability, element.callId, element.connectionState, element.muted],
  point: (element: SautikitCallButton) =>
    element.shadowRoot?.querySelector('button')?.dispatchEvent(new PointerEvent('pointerenter')),
} as const;

const step: Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('attribute' as const),
      name: fc.constantFrom(...ATTRIBUTES, ...ATTRIBUTES, 'callee', 'password', 'is', 'slot', 'style', 'part'),
      value: attributeValue,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('property' as const),
      name: fc.constantFrom(...OPEN),
      object: fc.constantFrom(...Object.keys(OBJECTS)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('value' as const),
      name: fc.constantFrom(...OPEN),
      value: fc.oneof(anyJson, messages),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('value' as const),
      name: fc.constantFrom(...PROPERTIES),
      // An object that cannot become a text is told to who sets it as one, as by any element.
      value: fc.oneof(attributeValue, fc.constantFrom<unknown>(null, undefined, true, 0, -1, 1e308, NaN, 10n)),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      act: fc.constantFrom(...(Object.keys(ACTS) as (keyof typeof ACTS)[])),
    }),
  },
);

/** What the public status address answers. */
const status = almost({ available: [false, true], opens_at: ['2026-11-23T08:00:00Z', '9999-12-31T23:59:59Z'] });
const session = fc.record({
  before: fc.array(step, { maxLength: 6 }),
  after: fc.array(step, { minLength: 1, maxLength: 20, size: 'max' }),
  // Whether a real call follows, which takes its time.
  calls: fc.nat(9).map((nth) => nth === 0),
  status: status.chain((object) => damaged(JSON.stringify(object))),
});

describe('attributes, properties and acts that nobody meant', function () {
  this.timeout(patience * 2);
  this.retries(0);
  const { fetch } = window;
  let watch: Watch;
  let violated: string[];
  let answered = '';

  before(() => {
    violated = imposePolicy();
    watch = new Watch();
    window.fetch = async (input, init) => {
      const { origin, pathname } = new URL(String(input instanceof Request ? input.url : input), location.href);
      if (pathname === '/fuzz-status') return new Response(answered);
      // Nothing leaves this machine, whatever the address.
      const local = origin === location.origin || /^(data|blob|javascript):|127\.0\.0\.1/.test(String(input));
      if (!local) throw new TypeError('Failed to fetch');
      return fetch(input, init);
    };
  });
  after(() => {
    watch.stop();
    window.fetch = fetch;
  });

  it('leave a button that draws text as text, says nothing secret, and calls when it is used as it is meant', async () => {
    expect(ATTRIBUTES).to.include.members(['context', 'report-url', 'token-url']);
    expect(OPEN).to.have.members(['tokenProvider', 'solveChallenge', 'messages']);
    let inputs = 0;
    let sessions = 0;
    const outcomes: Record<string, number> = {};
    const desk = await Desk.open();
    const told: string[] = [];
    // A page may set a property to what JSON cannot say, and gets it back.
    const sayable = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
    const hear = (event: Event) => told.push(JSON.stringify((event as CustomEvent<unknown>).detail, sayable));
    const names = ['call-dialing', 'call-ringing', 'call-answered', 'state-change', 'call-ended', 'error'];
    for (const name of names) document.addEventListener(`sautikit-${name}`, hear);

    const take = (element: SautikitCallButton, one: Step, promised: Promise<unknown>[]): void => {
      inputs++;
      if (one.do === 'attribute') element.setAttribute(one.name, one.value);
      else if (one.do === 'act') promised.push(Promise.resolve(watch.timed(() => ACTS[one.act](element))));
      else {
        const value = one.do === 'value' ? one.value : OBJECTS[one.object]!();
        watch.timed(() => Object.assign(element, { [one.name]: value }));
      }
    };

    await fc.assert(
      fc.asyncProperty(session, async ({ before, after, calls, status: said }) => {
        answered = said;
        const element = document.createElement('sautikit-call-button') as SautikitCallButton;
        expect(element).to.be.instanceOf(SautikitCallButton);
        const promised: Promise<unknown>[] = [];
        for (const one of before) take(element, one, promised);
        document.body.append(element);
        for (const one of after) {
          take(element, one, promised);
          if (inputs % 3 === 0) await new Promise((resolve) => setTimeout(resolve));
        }
        if (!element.isConnected) document.body.append(element);
        await element.hangup();
        let open = true;
        void Promise.all(promised).then(() => (open = false));
        await until(() => !open, 'every promise to settle');
        await element.updateComplete;
        expect(intruders(element.shadowRoot!)).to.be.empty;
        told.push(element.shadowRoot!.innerHTML.includes('secret-signature') ? 'secret-signature' : '');
        sessions++;
        if (calls) {
          for (const name of element.getAttributeNames()) element.removeAttribute(name);
          for (const [name] of SETTINGS) Object.assign(element, { [name]: undefined });
          element.tokenUrl = '/api/sip-token';
          element.line = 'sales';
          await element.updateComplete;
          await until(() => element.availability === 'available', 'a button that can be pressed');
          const over = element.call();
          await state(element, 'active');
          await element.hangup();
          const { outcome } = await over;
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
        element.remove();
        // A rejection that nobody took is told in a later task.
        for (let tasks = 0; tasks < 3; tasks++) await new Promise((resolve) => setTimeout(resolve));
        expect(violated).to.be.empty;
        watch.check(SECRETS, told.splice(0));
      }),
      parameters(80),
    );
    for (const name of names) document.removeEventListener(`sautikit-${name}`, hear);
    await desk.close();
    expect(outcomes['completed']).to.be.above(0);
    await tell('element', inputs, { sessions, calls: outcomes['completed'], slowestMs: Math.round(watch.slowest) });
  });
});
