import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import sinon from 'sinon';
import type { FaceName } from '../../demo/pages/faces.js';
import { part, until } from './support/button.js';
import { face } from './support/faces.js';

type Corner = 'top left' | 'bottom left' | 'bottom right' | 'middle';

/** Puts the button somewhere into the window. */
function put(element: HTMLElement, corner: Corner): void {
  const [y, x] = corner === 'middle' ? ['middle', 'middle'] : (corner.split(' ') as [string, string]);
  element.style.position = 'fixed';
  element.style.inset = 'auto';
  element.style[y === 'bottom' ? 'bottom' : 'top'] = y === 'middle' ? '45vh' : '10px';
  element.style[x === 'right' ? 'right' : 'left'] = x === 'middle' ? '40vw' : '10px';
}

async function placed(name: FaceName, corner: Corner) {
  const { element, panel } = await face(name);
  put(element, corner);
  await until(() => panel.dataset['placed'] && panel.dataset['placed'] !== 'soon', 'the panel is placed');
  // A frame for the browser, and one for the library's observers.
  for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  return { panel, box: panel.getBoundingClientRect(), button: part(element, 'button')!.getBoundingClientRect() };
}

function expectInside({ left, top, right, bottom }: DOMRect, what: string): void {
  expect(left, `${what}: left`).to.be.at.least(0);
  expect(top, `${what}: top`).to.be.at.least(0);
  expect(right, `${what}: right`).to.be.at.most(document.documentElement.clientWidth);
  expect(bottom, `${what}: bottom`).to.be.at.most(innerHeight);
}

const CORNERS: readonly Corner[] = ['top left', 'bottom left', 'bottom right', 'middle'];

describe('where the panel is', () => {
  beforeEach(() => setViewport({ width: 900, height: 700 }));
  afterEach(() => sinon.restore());
  after(() => setViewport({ width: 800, height: 600 }));

  for (const way of ['anchor', 'floating'] as const) {
    describe(way === 'anchor' ? 'with CSS anchor positioning' : 'without it', () => {
      beforeEach(function () {
        if (way === 'floating') sinon.stub(CSS, 'supports').returns(false);
        else if (!CSS.supports('top: anchor(bottom)')) this.skip();
      });

      it('is beside the button, and inside the window, wherever that is', async () => {
        for (const corner of CORNERS) {
          const { panel, box, button } = await placed('active', corner);
          expect(panel.dataset['placed']).to.equal(way);
          expectInside(box, corner);
          const gap = corner.startsWith('bottom') ? button.top - box.bottom : box.top - button.bottom;
          expect(gap, `${corner}: next to it`).to.be.within(7, 9);
          const aligned = corner.endsWith('right') ? box.right - button.right : box.left - button.left;
          expect(Math.abs(aligned), `${corner}: in line with it`).to.be.at.most(10);
        }
      });

      it('stays inside a window that is lower than the panel is high', async () => {
        await setViewport({ width: 700, height: 330 });
        for (const corner of CORNERS) {
          const { panel, box } = await placed('devices', corner);
          expectInside(box, corner);
          expect(panel.scrollHeight).to.be.greaterThan(panel.clientHeight);
          const hangup = panel.querySelector('[part~=hangup]')!.getBoundingClientRect();
          expect(hangup.bottom, `${corner}: hang-up is in sight`).to.be.at.most(box.bottom);
        }
      });

      it('goes with the button when the page scrolls, and stays in sight when the button is gone', async () => {
        const { element, panel } = await face('active');
        await until(() => panel.dataset['placed'] === way, 'the panel is placed');
        const top = () => Math.round(panel.getBoundingClientRect().top);
        const below = () => Math.round(part(element, 'button')!.getBoundingClientRect().bottom) + 8;
        document.body.style.minHeight = '3000px';
        try {
          await until(() => top() === below(), `it is beside the button: ${top()} is ${below()}`);
          scrollTo(0, 5);
          await until(() => scrollY === 5 && top() === below(), `it goes along: ${top()} is ${below()}`);
          scrollTo(0, 1500);
          await until(() => top() === 8, `it stays at the edge of the window, not at ${top()}`);
        } finally {
          document.body.style.minHeight = '';
          scrollTo(0, 0);
        }
      });

      it('is a sheet at the foot of a phone', async () => {
        await setViewport({ width: 360, height: 640 });
        for (const name of ['active', 'keypad', 'failed-mic-missing-code'] as const) {
          const { box } = await placed(name, 'middle');
          expect(Math.round(box.left)).to.equal(0);
          expect(Math.round(box.right)).to.equal(360);
          expect(Math.round(box.bottom)).to.equal(640);
          expect(box.top, name).to.be.at.least(0);
        }
      });
    });
  }

  it('is in the top layer, where nothing of the page covers it', async () => {
    const { panel } = await face('active');
    expect(panel.matches(':popover-open')).to.equal(true);
    expect(panel.popover).to.equal('manual');
  });

  it('is fixed in the window also where there are no popovers', async () => {
    const { showPopover, hidePopover } = HTMLElement.prototype;
    const popover = Object.getOwnPropertyDescriptor(HTMLElement.prototype, 'popover')!;
    // A fake of an older browser: to it, `popover` is an attribute like any other, and hides nothing.
    Object.defineProperty(HTMLElement.prototype, 'popover', { value: undefined, configurable: true });
    Reflect.deleteProperty(HTMLElement.prototype, 'showPopover');
    Reflect.deleteProperty(HTMLElement.prototype, 'hidePopover');
    sinon.stub(CSS, 'supports').returns(false);
    try {
      const { element, panel } = await face('active');
      panel.removeAttribute('popover');
      await until(() => panel.dataset['placed'] === 'floating', 'the panel is placed');
      expect(getComputedStyle(panel).position).to.equal('fixed');
      expectInside(panel.getBoundingClientRect(), 'the panel');
      expect(part(element, 'hangup')!.checkVisibility()).to.equal(true);
    } finally {
      Object.defineProperty(HTMLElement.prototype, 'popover', popover);
      Object.assign(HTMLElement.prototype, { showPopover, hidePopover });
    }
  });

  it('stays in the flow with `panel="inline"`', async () => {
    const { element, panel } = await face('inline-active');
    expect(panel.hasAttribute('popover')).to.equal(false);
    expect(getComputedStyle(panel).position).to.equal('static');
    expect(element.getBoundingClientRect().bottom).to.be.at.least(panel.getBoundingClientRect().bottom);
    expect(panel.querySelector('.hide')).to.equal(null);
  });
});
