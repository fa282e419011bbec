import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Visitor } from '../support/visitor.js';
import { useSite } from './support/use-site.js';

/** What frameworks and tag managers have put into pages, in the way that they did it, before our script runs. */
const PAGES: Readonly<Record<string, () => void>> = {
  'adds enumerable members to the prototypes of everything, as Prototype.js, MooTools and tag managers do': () => {
    const added = { each() {}, first() {}, without() {}, include() {}, associate() {}, clone() {}, uniq() {} };
    Object.assign(Array.prototype, added);
    Object.assign(String.prototype, { strip() {}, camelize() {} });
    Object.assign(Function.prototype, { implement() {}, extend() {} });
    Object.assign(Object.prototype, { toJSONString() {}, watch() {}, owner: 'a tag manager', loaded: true });
  },
  'gives arrays, texts and numbers a toJSON, as Prototype.js 1.6 does, which breaks JSON.stringify': () => {
    const quoted = function (this: unknown) {
      return `"${String(this)}"`;
    };
    const listed = function (this: unknown[]) {
      return `[${this.map((one) => JSON.stringify(one)).join(', ')}]`;
    };
    Object.assign(Array.prototype, { toJSON: listed });
    Object.assign(String.prototype, { toJSON: quoted });
    Object.assign(Number.prototype, { toJSON: quoted });
  },
  'puts another Promise into its place, with fetch as it was, as zone.js and polyfills do': () => {
    const Native = Promise;
    class ZoneAwarePromise {
      readonly #inner: Promise<unknown>;
      constructor(run: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void) {
        this.#inner = new Native(run);
      }
      then(resolved?: (value: unknown) => unknown, rejected?: (reason: unknown) => unknown): ZoneAwarePromise {
        return new ZoneAwarePromise((resolve, reject) => this.#inner.then(resolved, rejected).then(resolve, reject));
      }
      catch(rejected: (reason: unknown) => unknown): ZoneAwarePromise {
        return this.then(undefined, rejected);
      }
      finally(last: () => unknown): ZoneAwarePromise {
        return new ZoneAwarePromise((resolve, reject) => this.#inner.finally(last).then(resolve, reject));
      }
      static resolve(value: unknown) {
        return new ZoneAwarePromise((resolve) => resolve(value));
      }
      static reject(reason: unknown) {
        return new ZoneAwarePromise((_, reject) => reject(reason));
      }
      static all(values: Iterable<unknown>) {
        return new ZoneAwarePromise((resolve, reject) => Native.all(values).then(resolve, reject));
      }
      static race(values: Iterable<unknown>) {
        return new ZoneAwarePromise((resolve, reject) => Native.race(values).then(resolve, reject));
      }
      static allSettled(values: Iterable<unknown>) {
        return new ZoneAwarePromise((resolve, reject) => Native.allSettled(values).then(resolve, reject));
      }
    }
    Object.assign(window, { Promise: ZoneAwarePromise });
  },
  'wraps fetch and XMLHttpRequest, as consent and error trackers do': () => {
    const { fetch } = window;
    window.fetch = function (this: unknown, ...args: Parameters<typeof fetch>) {
      return fetch.apply(window, args).then((response) => {
        void response.clone().text();
        return response;
      });
    };
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
      return (open as (...all: unknown[]) => void).apply(this, args);
    } as typeof open;
  },
  'wraps addEventListener, timers, bind and the console, as error trackers do, and stops the clock': () => {
    const now = Date.now();
    Date.now = () => now;
    Function.prototype.bind = function (this: (...args: unknown[]) => unknown, self: unknown, ...first: unknown[]) {
      // eslint-disable-next-line @typescript-eslint/no-this-alias -- as Prototype.js 1.6 does it
      const method = this;
      return function (...args: unknown[]) {
        return method.apply(self, first.concat(args));
      };
    };
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const wrapped = new WeakMap<object, EventListener>();
    EventTarget.prototype.addEventListener = function (type, listener, options) {
      if (!listener) return;
      const wrap: EventListener = function (this: unknown, event) {
        if (typeof listener === 'function') listener.call(this as EventTarget, event);
        else listener.handleEvent(event);
      };
      wrapped.set(listener, wrap);
      addEventListener.call(this, type, wrap, options);
    };
    EventTarget.prototype.removeEventListener = function (type, listener, options) {
      removeEventListener.call(this, type, (listener && wrapped.get(listener)) ?? listener, options);
    };
    const { setTimeout } = window;
    Object.assign(window, {
      setTimeout: (run: () => void, delay: number, ...args: unknown[]) => setTimeout(() => run(), delay, ...args),
    });
    for (const level of ['log', 'debug', 'error'] as const) {
      const { [level]: write } = console;
      console[level] = (...args: unknown[]) => write.apply(console, args);
    }
  },
};

for (const name of ['chromium', 'firefox'] as const) {
  describe(`a page that is older than the platform, in ${name}, with the built script`, () => {
    const use = useSite(name);

    for (const [what, prepare] of Object.entries(PAGES)) {
      it(`calls where something ${what}`, async () => {
        const visitor = await Visitor.open(use.browser, `${use.site.url}/pages/visitor.html`, async (page) => {
          await page.evaluateOnNewDocument(prepare);
        });
        await visitor.press('button');
        await visitor.comesTo('active');
        if (name === 'chromium') await visitor.hears('the desk');
        await visitor.press('hangup');
        assert.equal((await visitor.ended())['outcome'], 'completed');
        assert.deepEqual(visitor.errors, []);
        await visitor.page.close();
      });
    }
  });
}
