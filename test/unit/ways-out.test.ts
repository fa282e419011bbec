import { expect } from '@open-wc/testing';
import { addressToShare } from '../../src/element/ways-out/page-address.js';
import { qrCode } from '../../src/element/ways-out/qr.js';
import type { Surroundings } from '../../src/element/ways-out/surroundings.js';
import { findWayOut } from '../../src/element/ways-out/ways-out.js';
import * as agents from './support/user-agents.js';

const ADDRESS = 'https://shop.example/contact?from=home';

const computer: Surroundings = {
  userAgent: agents.chromeWindows,
  userAgentData: undefined,
  platform: 'Win32',
  maxTouchPoints: 0,
  address: ADDRESS,
  framed: false,
};
const phone: Surroundings = {
  ...computer,
  userAgent: agents.chromeAndroid,
  platform: 'Linux armv81',
  maxTouchPoints: 5,
};
const iphone: Surroundings = { ...phone, userAgent: agents.safariIphone, platform: 'iPhone' };
const app = (name: keyof typeof agents.inApp, system: 'ios' | 'android'): Surroundings => ({
  ...(system === 'ios' ? iphone : phone),
  userAgent: agents.inApp[name][system],
});

describe('the way out of a failure', () => {
  it('is, for a microphone that was denied, the steps for this very browser', async () => {
    const steps = async (here: Surroundings) => (await findWayOut('mic-denied', here))?.steps;
    expect(await steps(computer)).to.equal('stepsChromium');
    expect(await steps({ ...computer, userAgent: agents.firefoxLinux })).to.equal('stepsFirefox');
    expect(await steps({ ...computer, userAgent: agents.safariMac })).to.equal('stepsSafari');
    expect(await steps(phone)).to.equal('stepsAndroid');
    expect(await steps(iphone)).to.equal('stepsIos');
  });

  it('is known for the browser that this test runs in', async () => {
    const family = navigator.userAgent.includes('Firefox') ? 'stepsFirefox' : 'stepsChromium';
    expect(await findWayOut('mic-denied')).to.deep.equal({ steps: family });
  });

  it('is, for a computer without a microphone, a code of the address and the link itself', async () => {
    const wayOut = await findWayOut('mic-missing', computer);
    expect(wayOut).to.deep.equal({ link: ADDRESS, code: qrCode(ADDRESS) });
  });

  it('is the link alone where the address is too long for a code that a camera could read', async () => {
    const address = `https://shop.example/?q=${'a'.repeat(1000)}`;
    expect(await findWayOut('mic-missing', { ...computer, address })).to.deep.equal({ link: address });
  });

  it('is no code on a phone, which would have to scan itself', async () => {
    expect(await findWayOut('mic-missing', phone)).to.equal(undefined);
    expect(await findWayOut('mic-missing', iphone)).to.equal(undefined);
  });

  it('is, for a page that came without encryption, its encrypted address', async () => {
    const wayOut = await findWayOut('insecure-context', { ...computer, address: 'http://shop.example:8080/contact' });
    expect(wayOut).to.deep.equal({ link: 'https://shop.example/contact' });
  });

  it('is, for a frame that may not ask for the microphone, its own address to open by itself', async () => {
    expect(await findWayOut('mic-blocked', { ...computer, framed: true })).to.deep.equal({ link: ADDRESS });
    expect(await findWayOut('mic-blocked', computer)).to.equal(undefined);
  });

  it('is the link, for a browser that cannot carry calls', async () => {
    expect(await findWayOut('unsupported', computer)).to.deep.equal({ link: ADDRESS });
  });

  it('is left to the error’s own text where calling again helps', async () => {
    for (const code of ['busy', 'offline', 'no-answer', 'mic-dismissed', 'mic-busy'] as const) {
      expect(await findWayOut(code, computer), code).to.equal(undefined);
      expect(await findWayOut(code, app('facebook', 'ios')), code).to.equal(undefined);
    }
  });

  it('does not fail where the page has no address', async () => {
    for (const address of ['about:blank', 'data:text/html,x', 'file:///home/visitor/page.html', '']) {
      for (const code of ['mic-missing', 'unsupported', 'insecure-context'] as const) {
        expect(await findWayOut(code, { ...computer, address }), address).to.equal(undefined);
        expect(await findWayOut(code, { ...app('tiktok', 'android'), address }), address).to.equal(undefined);
      }
    }
  });
});

describe('the way out of an application’s own browser', () => {
  const CODES = ['mic-denied', 'mic-blocked', 'mic-missing', 'unsupported'] as const;

  it('is an intent on Android, which falls back to the page itself', async () => {
    for (const code of CODES) {
      const wayOut = await findWayOut(code, app('instagram', 'android'));
      expect(wayOut, code).to.deep.equal({
        link: ADDRESS,
        openInBrowser:
          'intent://shop.example/contact?from=home#Intent;scheme=https;action=android.intent.action.VIEW;' +
          'category=android.intent.category.BROWSABLE;' +
          'S.browser_fallback_url=https%3A%2F%2Fshop.example%2Fcontact%3Ffrom%3Dhome;end',
      });
    }
  });

  it('is Safari on iOS since 17', async () => {
    for (const code of CODES) {
      const wayOut = await findWayOut(code, app('linkedin', 'ios'));
      expect(wayOut, code).to.deep.equal({ link: ADDRESS, openInBrowser: `x-safari-${ADDRESS}` });
    }
    const here = app('linkedin', 'ios');
    const old = { ...here, userAgent: here.userAgent.replace('OS 18_7', 'OS 16_6') };
    expect(await findWayOut('mic-missing', old)).to.deep.equal({ link: ADDRESS });
  });

  it('is the link alone where no address is known to lead out', async () => {
    expect(await findWayOut('mic-missing', app('instagram', 'ios'))).to.deep.equal({ link: ADDRESS });
    expect(await findWayOut('mic-missing', app('wechat', 'ios'))).to.deep.equal({ link: ADDRESS });
    expect(await findWayOut('mic-missing', app('wechat', 'android'))).to.deep.equal({ link: ADDRESS });
  });

  it('is a parameter of its own in LINE', async () => {
    for (const system of ['ios', 'android'] as const) {
      const wayOut = await findWayOut('mic-missing', app('line', system));
      expect(wayOut).to.deep.equal({ link: ADDRESS, openInBrowser: `${ADDRESS}&openExternalBrowser=1` });
    }
  });
});

describe('an address to hand on', () => {
  it('keeps what names the page, and drops what may be a secret', () => {
    expect(addressToShare('https://shop.example/a?b=c#contact')).to.equal('https://shop.example/a?b=c#contact');
    expect(addressToShare('https://shop.example/#/contact')).to.equal('https://shop.example/#/contact');
    expect(addressToShare('https://shop.example/#access_token=abc&state=1')).to.equal('https://shop.example/');
    expect(addressToShare('https://jane:secret@shop.example/')).to.equal('https://shop.example/');
  });

  it('is encrypted, except on this very machine', () => {
    expect(addressToShare('http://shop.example/')).to.equal('https://shop.example/');
    for (const local of ['http://localhost:5173/', 'http://127.0.0.1:8000/a', 'http://[::1]:3000/']) {
      expect(addressToShare(local)).to.equal(local);
    }
    expect(addressToShare('http://localhost.example/')).to.equal('https://localhost.example/');
  });
});

describe('a QR code', () => {
  /** What a camera sees: which modules are dark. */
  const draw = ({ path, size }: { path: string; size: number }) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('d', path);
    const holder = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    holder.append(svg);
    document.body.append(holder);
    const dark = (x: number, y: number) => svg.isPointInFill(new DOMPoint(x + 0.5, y + 0.5));
    const rows = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => dark(x, y)));
    holder.remove();
    return rows;
  };

  it('has its three eyes, and a quiet zone of four modules on every side', () => {
    const code = qrCode('https://shop.example/');
    const rows = draw(code);
    const last = code.size - 5;
    expect(
      rows.every((row, y) =>
        row.every((dark, x) => !dark || Math.min(x, y, code.size - 1 - x, code.size - 1 - y) >= 4),
      ),
    ).to.be.true;
    const eye = (x: number, y: number) => rows[y]!.slice(x, x + 7).every(Boolean) && rows[y + 3]![x + 3];
    expect([eye(4, 4), eye(last - 6, 4), eye(4, last - 6)]).to.deep.equal([true, true, true]);
    expect(eye(last - 6, last - 6)).to.equal(false);
  });

  it('grows with its text, and refuses one that is too long', () => {
    expect(qrCode('https://shop.example/').size).to.be.lessThan(qrCode(`https://shop.example/${'a'.repeat(200)}`).size);
    expect(() => qrCode('a'.repeat(859))).to.throw();
  });
});
