/** What people write who want to break something, by where it fits. Each one of them has broken some program. */

/** Sets a global that nothing else sets; whoever runs it as a script is found out. */
export const CANARY = 'fuzzCanary';
const SCRIPT = `globalThis.${CANARY}=1`;

/** Markup and code: as text harmless, as anything else found out. */
export const SCRIPTS: readonly string[] = [
  `<img src=x onerror=${SCRIPT}>`,
  `<script>${SCRIPT}</script>`,
  `"><svg onload=${SCRIPT}>`,
  `javascript:${SCRIPT}`,
  `data:text/html,<script>${SCRIPT}</script>`,
  `</textarea><iframe srcdoc="<script>parent.${CANARY}=1</script>">`,
  `\${${SCRIPT}}`,
  `{{constructor.constructor('${SCRIPT}')()}}`,
  `';${SCRIPT};'`,
];

/** Texts at which parsers stumble. */
export const TEXTS: readonly string[] = [
  ...SCRIPTS,
  '',
  ' ',
  '\0',
  '\r',
  '\n',
  '\r\n Folded: x',
  '\t\v\f',
  '\x7f\x80\x9f',
  '\ufeff',
  '\u2028\u2029',
  '\u202egnp.exe',
  '\ud800',
  '\udfff\ud800',
  '👩‍👩‍👧‍👦',
  'Z̸̡̛̼a̷l̴g̶o̴',
  'ﷺ',
  'صوت',
  '%00%0d%0a%',
  '__proto__',
  'constructor',
  'toString',
  '"',
  '\\',
  '\\"',
  "'",
  '<<>>',
  '((((((((',
  ';;;;=;',
  ',,,,',
  '::::',
  '*',
  '../../../etc/passwd',
  '%s%s%s%n',
  'null',
  'undefined',
  '[object Object]',
];

/** Numbers that are none, or too many of one. */
export const NUMBERS: readonly string[] = [
  '0',
  '-1',
  '-0',
  '1',
  '99',
  '100',
  '699',
  '65536',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e9',
  '1e400',
  '0x10',
  '3.14',
  'NaN',
  'Infinity',
  'many',
  '00000000000000000001',
  '9'.repeat(400),
];

/** Addresses of every kind; none leads off this machine. */
export const URIS: readonly string[] = [
  'sip:',
  'sip:@',
  'sips:x@localhost',
  'tel:+254700000001;phone-context=x',
  'sip:a@[::1]:0',
  'sip:a@[::',
  'sip:a:b@localhost:99999999',
  'sip:a@localhost?Replaces=x%3Bto-tag%3D1&body=y',
  'sip:a@localhost;transport=ws;lr;lr;maddr=127.0.0.1',
  `sip:${'a.'.repeat(2000)}b`,
  `sip:a@${'a.'.repeat(2000)}b`,
  'sip:%00%ff@localhost',
  'http://127.0.0.1:9/',
  'urn:service:sos',
  ...SCRIPTS,
];
