import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';

/** A number that costs the owner, and makes the thief rich. */
const PREMIUM = 'sip:+19005550100@198.51.100.9';
const BANK = '<sip:+254711111111@bank.example>';

/** What is written into an INVITE that bears a rightful token, to be somebody else or to reach somebody else. */
const FORGED: Record<string, { uri?: string; to?: string; from?: string; contact?: string; headers?: string[] }> = {
  'another callee in the request URI': { uri: PREMIUM },
  'another callee in the request URI, with maddr and transport': { uri: `${PREMIUM};maddr=198.51.100.8;transport=udp` },
  'headers within the request URI': { uri: `${PREMIUM}?Route=%3Csip:198.51.100.9;lr%3E&P-Asserted-Identity=${BANK}` },
  'the callee of another line in the request URI': { uri: `sip:${CALLEE_MARK}-answers@gateway.invalid` },
  'another callee in To': { to: `"The Bank" <${PREMIUM}>` },
  'forged From': { from: `"The Bank" ${BANK}` },
  'forged From with two tags': { from: `${BANK};tag=first` },
  'forged P-Asserted-Identity': { headers: [`P-Asserted-Identity: ${BANK}`] },
  'forged P-Preferred-Identity': { headers: [`P-Preferred-Identity: ${BANK}`] },
  'forged Remote-Party-ID': { headers: [`Remote-Party-ID: ${BANK};party=calling;screen=yes;privacy=off`] },
  'forged Diversion': { headers: [`Diversion: ${BANK};reason=unconditional`] },
  'forged History-Info': { headers: [`History-Info: ${BANK};index=1`] },
  'forged Identity and Referred-By': {
    headers: ['Identity: eyJ.e30.x;info=<http://bank.example/>', `Referred-By: ${BANK}`],
  },
  'forged identity in a folded header': {
    headers: [`P-Asserted-Identity:\r\n ${BANK}`, `X-Fold: a\r\n\tRemote-Party-ID: ${BANK}`],
  },
  'forged identity in odd case and spacing': {
    headers: [`p-ASSERTED-identity \t: ${BANK}`, `rEMOTE-pARTY-id:${BANK}`],
  },
  'identity of the owner asked for': {
    headers: ['P-Preferred-Identity: <sip:+254700000009@gateway.invalid>', 'Privacy: none'],
  },
  'a display name that holds a header': { from: `"Bank\r\nP-Asserted-Identity: ${BANK}\r\nX: \\"" ${BANK}` },
  'a display name with quotes and escapes': { from: `"\\"<sip:x@y>\\", \\\\" ${BANK}` },
  'a Route of the thief’s choosing': { headers: ['Route: <sip:198.51.100.9;lr>'] },
  'a Route to a phone behind the gateway': { headers: [`Route: <sip:${CALLEE_MARK}-answers@127.0.0.1:5060;lr>`] },
  'Path, Record-Route and Service-Route': {
    headers: [
      'Path: <sip:198.51.100.9;lr>',
      'Record-Route: <sip:198.51.100.9;lr>',
      'Service-Route: <sip:198.51.100.9;lr>',
    ],
  },
  'Replaces, Join and Target-Dialog': {
    headers: ['Replaces: x;to-tag=1;from-tag=2', 'Join: x;to-tag=1;from-tag=2', 'Target-Dialog: x'],
  },
  'links for the phone to open': {
    headers: [
      'Alert-Info: <http://evil.example/ring>',
      'Call-Info: <http://evil.example/face>',
      'Error-Info: <sip:x@evil.example>',
    ],
  },
  'answers for the phone to give': {
    headers: [
      'Answer-Mode: Auto',
      'Priv-Answer-Mode: Auto;require',
      'P-Auto-Answer: normal',
      'Alert-Info: info=alert-autoanswer',
    ],
  },
  'X- headers that steer a PBX': {
    headers: ['X-Line: vip', 'X-Account-Code: 1', 'User-to-User: 00;encoding=hex', 'P-Charging-Vector: x'],
  },
  'Reply-To, Organization and Subject': {
    headers: [`Reply-To: ${BANK}`, 'Organization: The Bank', 'Subject: Your account'],
  },
  'a Contact elsewhere': { contact: '<sip:+19005550100@198.51.100.9:5060>' },
  'two Contacts': { contact: '<sip:a@198.51.100.9>, <sip:b@198.51.100.10>' },
  'a Session-Expires of a second': { headers: ['Session-Expires: 1;refresher=uas', 'Min-SE: 1', 'Supported: timer'] },
  'Require and Proxy-Require of nonsense': { headers: ['Require: nonsense', 'Proxy-Require: nonsense'] },
};

attacks('who is called, and who calls', (attack) => {
  for (const [name, options] of Object.entries(FORGED)) {
    attack(name, async (thief) => await thief.held(thief.invite({ token: await thief.token('busy'), ...options })));
  }

  attack('forged From on a line without a caller id', async (thief) => {
    const sent = thief.invite({ token: await thief.token('anonymous'), from: `"The Bank" ${BANK}` });
    await thief.rightful(sent);
    await thief.final(sent);
    return 'only the line of the grant was called, by nobody';
  });

  attack('forged names in compact form, twice', async (thief) => {
    const headers = [`f: ${BANK};tag=compact`, `t: <${PREMIUM}>`, 'm: <sip:x@198.51.100.9>', 'r: <sip:x@198.51.100.9>'];
    return await thief.held(thief.invite({ token: await thief.token('busy'), headers }));
  });
});
