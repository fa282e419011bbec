import { headerOf, parseSip, type SipMessage } from '../../../demo/stack/sip-message.js';

/** A SIP message as it passed the browser's socket. */
export interface Frame {
  from: 'browser' | 'gateway';
  text: string;
}

const tagIn = (header: string): string => /;tag=([^;]+)/.exec(header)?.[1] ?? '';
const uriIn = (header: string): string => /<([^>]+)>/.exec(header)?.[1] ?? '';

/** Keys of a session, which are secrets while it lives; what takes their place has their form. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/^(a=ice-ufrag:).*$/gm, '$1abcd'],
  [/^(a=ice-pwd:).*$/gm, `$1${'p'.repeat(24)}`],
  [/^(a=fingerprint:sha-256 ).*$/gm, `$1${Array.from({ length: 32 }, () => 'AB').join(':')}`],
  // Where media would come from: nothing that is sent there leaves the machine.
  [/192\.0\.2\.2/g, '127.0.0.1'],
];

/**
 * Puts a placeholder in the place of everything that belongs to one call, so that the message can be said in any other:
 * whoever fills them in reads the values off the request that is answered, or off the dialog. Tokens are left out whole.
 */
export function redacted(frames: readonly Frame[]): Frame[] {
  const messages = frames.map(({ from, text }) => ({ from, message: parseSip(text) }));
  const requests = messages.filter(({ message }) => message.method !== undefined);
  const ours = requests.filter(({ from }) => from === 'browser').map(({ message }) => message);
  const host = /SIP\/2\.0\/WSS? ([^;]+)/.exec(headerOf(ours[0]!, 'via'))?.[1] ?? '';
  const own = uriIn(headerOf(ours[0]!, 'from'));
  const contact = uriIn(headerOf(ours[0]!, 'contact'));
  const callee = uriIn(headerOf(ours.find(({ method }) => method === 'INVITE') ?? ours[0]!, 'to'));

  const placeholders = ({ from, message }: (typeof messages)[number]): [string, string][] => {
    const isRequest = message.method !== undefined;
    // Whoever sends a request stands in its From; an answer repeats it.
    const browserAsked = (from === 'browser') === isRequest;
    const [mine, theirs] = browserAsked ? ['from', 'to'] : ['to', 'from'];
    const branch = /;branch=([^;]+)/.exec(headerOf(message, 'via'))?.[1] ?? '';
    return [
      [tagIn(headerOf(message, mine!)), '{own-tag}'],
      [tagIn(headerOf(message, theirs!)), '{far-tag}'],
      [branch, '{branch}'],
      [headerOf(message, 'call-id'), '{call-id}'],
      [contact, '{contact}'],
      [own, '{own}'],
      [callee, '{callee}'],
      [host, '{host}'],
    ];
  };

  return messages.map((each) => {
    const [head = '', body = ''] = split(each.message);
    const marked = placeholders(each)
      .filter(([value]) => value)
      .reduce((text, [value, mark]) => text.replaceAll(value, mark), head)
      .replace(/^(CSeq: )\d+/im, '$1{cseq}')
      .replace(/^Authorization: .*\r\n/gim, '')
      .replace(/urn:uuid:[0-9a-f-]+/gi, 'urn:uuid:{instance}')
      .replace(/^Content-Length:.*$/im, 'Content-Length: {length}');
    return {
      from: each.from,
      text: `${marked}\r\n\r\n${KEYS.reduce((text, [key, by]) => text.replace(key, by), body)}`,
    };
  });
}

function split({ text }: SipMessage): [string, string] {
  const end = text.indexOf('\r\n\r\n');
  return [text.slice(0, end), text.slice(end + 4)];
}
