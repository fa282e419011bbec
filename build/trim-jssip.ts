import type { Plugin } from 'vite';
import { hoist } from './hoist-jssip.js';

/** Rules at which JsSIP starts its parser for what a call sends and receives; the build drops what they do not reach. */
const START_RULES = [
  'Call_ID',
  'Contact',
  'Content_Length',
  'Content_Type',
  'CSeq',
  'Event',
  'From',
  'Max_Forwards',
  'Name_Addr_Header',
  'Proxy_Authenticate',
  'Record_Route',
  'Refer_To',
  'Replaces',
  'Request_Response',
  'Session_Expires',
  'SIP_URI',
  'To',
  'Via',
  'WWW_Authenticate',
  'host',
  'quoted_string',
  'uuid',
];

/** Modules for methods that our socket answers before JsSIP sees them (MESSAGE, SUBSCRIBE, NOTIFY, REFER) or never sends. */
const UNUSED = /jssip\/lib\/(?:Subscriber|Notifier|Message|Options|RTCSession\/Refer(?:Subscriber|Notifier))\.js$/;

/** Methods that nobody calls: our socket lets their requests neither in nor out, or our own code stands in their place. */
const UNUSED_METHODS: Readonly<Record<string, readonly string[]>> = {
  'jssip/lib/UA.js': [
    'sendMessage',
    'subscribe',
    'notify',
    'sendOptions',
    'newMessage',
    'newOptions',
    'destroyMessage',
    'terminateSessions',
    'call',
  ],
  'jssip/lib/RTCSession.js': [
    'hold',
    'unhold',
    'renegotiate',
    'refer',
    'sendInfo',
    'mute',
    'unmute',
    'isMuted',
    'isOnHold',
    'isInProgress',
    '_createRTCConnection',
    '_createLocalDescription',
    '_receiveRefer',
    '_receiveNotify',
    '_receiveReplaces',
    '_sendUpdate',
    '_runSessionTimer',
    '_toggleMuteAudio',
    '_getDTMFRTPSender',
    '_onmute',
    '_onunmute',
  ],
};

/** Replaces exactly, and fails the build where a new JsSIP looks different: a trim that misses must not pass unseen. */
function replace(code: string, pattern: RegExp, by: string): string {
  const replaced = code.replace(pattern, by);
  if (replaced === code) throw new Error(`JsSIP has changed: nothing matches ${pattern}`);
  return replaced;
}

/** The generated parser keeps a record of everything that it expected, for an error message that JsSIP throws away. */
function trimGrammar(code: string): string {
  const rules = START_RULES.map((rule) => `"${rule}": parse_${rule}`).join(', ');
  code = replace(code, /var parseFunctions = \{[^}]*\};/, `var parseFunctions = { ${rules} };`);
  code = replace(code, /if \(reportFailures === 0\) \{\s*matchFailed\((?:[^()"]|"(?:[^"\\]|\\.)*")*\);\s*\}/g, '');
  code = replace(code, /function matchFailed\(failure\) \{[\s\S]*?\n {12}\}\n/, '');
  code = replace(code, /var offset = Math\.max\(pos, rightmostFailuresPos\);[\s\S]*?return -1;/, 'return -1;');
  code = replace(code, /function computeErrorPosition\(\) \{[\s\S]*?\n {12}\}\n/, '');
  code = replace(code, /function cleanupExpected\(expected\) \{[\s\S]*?\n {12}\}\n/, '');
  code = replace(code, /\/\* Thrown when a parser encounters[\s\S]*?(?=\n {4}return result;)/, '');
  return code;
}

/** A method of a class begins and ends at four spaces in JsSIP's own formatting. */
function dropMethods(code: string, names: readonly string[]): string {
  return names.reduce(
    (left, name) => replace(left, new RegExp(`\\n {4}${name}\\([^\\n]*\\{\\n[\\s\\S]*?\\n {4}\\}(?=\\n)`), ''),
    code,
  );
}

/** Calls of a logger that never prints; each is a statement of its own in JsSIP's formatting. */
const dropLogs = (code: string): string => code.replace(/^[ \t]*logger\w*\.(?:debug|warn)\([\s\S]*?\);[ \t]*$/gm, '');

/** Of the `for…in` of JsSIP's those that ask for no own property would meet what old frameworks add to `Object.prototype`. */
const keepToOwn = (code: string): string =>
  code.replace(
    /for \(const (\w+) in ([\w.]+)\) \{(?!\s*if \(Object\.prototype\.hasOwnProperty\.call\(\2, \1\))/g,
    'for (const $1 of Object.keys($2)) {',
  );

/** Leaves out of JsSIP what a call button never runs. `test/sip` runs against the trimmed JsSIP too. */
export function trimJsSip(): Plugin {
  return {
    name: 'trim-jssip',
    enforce: 'pre',
    load(id) {
      return UNUSED.test(id) ? 'export default class {}' : undefined;
    },
    transform(code, id) {
      if (/jssip\/lib\/Grammar\.js$/.test(id)) return { code: hoist(trimGrammar(code)), map: null };
      if (!/jssip\/lib\/[\w/]+\.js$/.test(id)) return undefined;
      const unused = Object.entries(UNUSED_METHODS).find(([file]) => id.endsWith(file))?.[1] ?? [];
      return { code: hoist(keepToOwn(dropLogs(dropMethods(code, unused)))), map: null };
    },
  };
}
