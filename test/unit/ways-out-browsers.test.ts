import { expect } from '@open-wc/testing';
import { browserFamily, isHandheld } from '../../src/element/ways-out/browser-family.js';
import { inAppBrowser } from '../../src/element/ways-out/in-app-browser.js';
import * as agents from './support/user-agents.js';

const desktop = { userAgentData: undefined, platform: 'Win32', maxTouchPoints: 0 };
const phone = { userAgentData: undefined, platform: 'Linux armv81', maxTouchPoints: 5 };
const apple = { userAgentData: undefined, platform: 'iPhone', maxTouchPoints: 5 };

describe('the family of a browser', () => {
  it('is Chromium for Chrome, Edge and Opera on a computer, also with a touch screen', () => {
    for (const userAgent of [agents.chromeWindows, agents.edgeWindows, agents.operaLinux]) {
      expect(browserFamily({ ...desktop, userAgent }), userAgent).to.equal('chromium');
      expect(browserFamily({ ...desktop, userAgent, maxTouchPoints: 10 }), userAgent).to.equal('chromium');
    }
  });

  it('is Firefox, or Safari, on a computer', () => {
    expect(browserFamily({ ...desktop, userAgent: agents.firefoxLinux })).to.equal('firefox');
    expect(browserFamily({ ...desktop, userAgent: agents.safariMac, platform: 'MacIntel' })).to.equal('safari');
  });

  it('is Android for Chrome, Firefox and Samsung Internet there', () => {
    for (const userAgent of [agents.chromeAndroid, agents.firefoxAndroid, agents.samsungAndroid]) {
      expect(browserFamily({ ...phone, userAgent }), userAgent).to.equal('android');
    }
  });

  it('is Android also where the visitor asked for the desktop page', () => {
    expect(browserFamily({ ...phone, userAgent: agents.chromeLinux })).to.equal('android');
    expect(browserFamily({ ...desktop, userAgent: agents.chromeLinux, platform: 'Linux x86_64' })).to.equal('chromium');
    const userAgentData = { platform: 'Android', mobile: false };
    expect(browserFamily({ ...desktop, userAgent: agents.chromeLinux, userAgentData })).to.equal('android');
  });

  it('is iOS for every browser there, and for an iPad that calls itself a Mac', () => {
    for (const userAgent of [agents.safariIphone, agents.chromeIphone, agents.firefoxIphone]) {
      expect(browserFamily({ ...apple, userAgent }), userAgent).to.equal('ios');
    }
    expect(browserFamily({ ...apple, userAgent: agents.safariMac, platform: 'MacIntel' })).to.equal('ios');
  });

  it('is unknown for a browser whose steps nobody has written down', () => {
    expect(browserFamily({ ...desktop, userAgent: agents.epiphany })).to.equal(undefined);
  });

  it('tells what is held in the hand from what stands on a desk', () => {
    expect(isHandheld({ ...phone, userAgent: agents.chromeAndroid })).to.equal(true);
    expect(isHandheld({ ...apple, userAgent: agents.safariIphone })).to.equal(true);
    expect(isHandheld({ ...desktop, userAgent: agents.chromeWindows, maxTouchPoints: 10 })).to.equal(false);
  });
});

describe('the browser inside an application', () => {
  for (const [app, { ios, android }] of Object.entries(agents.inApp)) {
    it(`is recognised in ${app}, on both systems`, () => {
      expect(inAppBrowser({ userAgent: ios, maxTouchPoints: 5 })).to.deep.equal({ app, system: 'ios' });
      expect(inAppBrowser({ userAgent: android, maxTouchPoints: 5 })).to.deep.equal({ app, system: 'android' });
    });
  }

  it('is not seen in browsers of their own', () => {
    const { chromeAndroid, firefoxAndroid, samsungAndroid, safariIphone, chromeIphone, firefoxIphone } = agents;
    const own = [chromeAndroid, firefoxAndroid, samsungAndroid, safariIphone, chromeIphone, firefoxIphone];
    for (const userAgent of [...own, agents.chromeWindows, agents.edgeWindows, agents.safariMac]) {
      expect(inAppBrowser({ userAgent, maxTouchPoints: 5 }), userAgent).to.equal(undefined);
    }
  });

  it('is not seen on a computer, where an application opens the system’s browser anyway', () => {
    const userAgent = `${agents.chromeWindows} [LinkedInApp]`;
    expect(inAppBrowser({ userAgent, maxTouchPoints: 0 })).to.equal(undefined);
  });
});
