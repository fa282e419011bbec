/** User agents as browsers and applications send them. */

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const PIXEL =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240705.005; wv) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36';

export const chromeWindows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
export const edgeWindows = `${chromeWindows} Edg/140.0.0.0`;
export const chromeLinux =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
export const operaLinux = `${chromeLinux} OPR/122.0.0.0`;
export const firefoxLinux = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
/** Also what an iPad sends. */
export const safariMac =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15';
export const epiphany =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';

export const chromeAndroid =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36';
export const firefoxAndroid = 'Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0';
export const samsungAndroid =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 ' +
  'Mobile Safari/537.36';

export const safariIphone = `${IPHONE} Version/18.7 Mobile/15E148 Safari/604.1`;
export const chromeIphone = `${IPHONE} CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1`;
export const firefoxIphone = `${IPHONE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15`;

export const inApp = {
  instagram: {
    ios: `${IPHONE} Mobile/15E148 Instagram 339.0.3.12.91 (iPhone15,2; iOS 18_7; en_KE; en; scale=3.00; 1179x2556; 622190145)`,
    android: `${PIXEL} Instagram 302.0.0.23.114 Android (34/14; 420dpi; 1080x2186; Google/google; Pixel 8; shiba; shiba; en_KE; 520012323)`,
  },
  facebook: {
    ios: `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.32.107;FBBV/638023453;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.7;FBSS/3;FBID/phone;FBLC/en_GB;FBOP/5]`,
    android: `${PIXEL} [FB_IAB/FB4A;FBAV/480.0.0.54.88;]`,
  },
  linkedin: {
    ios: `${IPHONE} Mobile/15E148 [LinkedInApp]/9.32.2485`,
    android: `${PIXEL} [LinkedInApp]/2.312.70`,
  },
  tiktok: {
    ios: `${IPHONE} Mobile/15E148 musical_ly_34.0.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US`,
    android: `${PIXEL} trill_340002 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/trill app_version/34.0.2 ByteLocale/en ByteFullLocale/en Region/KE BytedanceWebview/d8a21c6`,
  },
  line: {
    ios: `${IPHONE} Mobile/15E148 Safari Line/14.9.0`,
    android: `${PIXEL} Line/14.9.0/IAB`,
  },
  wechat: {
    ios: `${IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/en`,
    android: `${PIXEL} MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/en ABI/arm64`,
  },
  snapchat: {
    ios: `${IPHONE} Version/18.7 Mobile/15E148 Snapchat/12.95.0.37 (like Safari/8617.2.4.10.8, panda)`,
    android: `${PIXEL} Snapchat/12.80.0.40 (Pixel 8; Android 14#AP2A.240705.005#34; gzip)`,
  },
  pinterest: {
    ios: `${IPHONE} Mobile/15E148 [Pinterest/iOS]`,
    android: `${PIXEL} [Pinterest/Android]`,
  },
  x: {
    ios: `${IPHONE} Mobile/15E148 Twitter for iPhone/10.50`,
    android: `${PIXEL} TwitterAndroid`,
  },
} as const;
