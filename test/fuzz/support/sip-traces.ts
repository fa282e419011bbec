import type { IncomingRequest } from '../../sip/support/jssip.js';
import type { Received } from '../../sip/support/gateway.js';
import { word } from '../../sip/support/messages.js';
import type { Frame } from './redacted.js';

interface Trace {
  name: string;
  frames: Frame[];
}

/** Something that the gateway once said. */
export interface Template {
  text: string;
  /** Of a response. */
  status: number | undefined;
  /** The method of a request, or of what a response answers. */
  method: string;
}

/** Every message of the gateway in the traces, each kind of answer once. */
export async function loadTemplates(): Promise<Template[]> {
  const response = await fetch(new URL('../traces.json', import.meta.url));
  const traces = (await response.json()) as Trace[];
  const texts = traces.flatMap(({ frames }) => frames.filter(({ from }) => from === 'gateway').map(({ text }) => text));
  const templates = texts.map((text): Template => {
    const status = /^SIP\/2\.0 (\d+)/.exec(text)?.[1];
    return { text, status: status ? Number(status) : undefined, method: /^CSeq: \S+ (\w+)/m.exec(text)![1]! };
  });
  const kind = ({ status, method, text }: Template) =>
    `${status} ${method} ${/^Contact/m.test(text)} ${text.includes('m=audio')}`;
  const kinds = [...new Map(templates.map((template) => [kind(template), template])).values()];
  // Most of what a gateway says are answers; most of what it can begin are requests.
  const requests = kinds.filter(({ status }) => status === undefined);
  return [...kinds, ...requests, ...requests, ...requests];
}

/** What stands in the place of the placeholders of `redacted.ts`. */
export type Values = Readonly<Record<string, string>>;

export function filled({ text }: Template, values: Values): string {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  const length = String(new TextEncoder().encode(body).length);
  return text.replace(/\{([a-z-]+)\}/g, (mark, name: string) => ({ ...values, length })[name] ?? mark);
}

const uriOf = (nameAddr: string | undefined): string => /<([^>]+)>/.exec(nameAddr ?? '')?.[1] ?? '';

/** For an answer to a request of the browser. */
export function answering({ message, tag }: Received): Values {
  return {
    host: /WSS? ([^;]+)/.exec(message.getHeader('via') ?? '')?.[1] ?? '',
    branch: message.via_branch,
    'own-tag': message.from_tag,
    'far-tag': message.to_tag ?? tag,
    'call-id': message.call_id,
    cseq: String(message.cseq),
    own: uriOf(message.getHeader('from')),
    callee: uriOf(message.getHeader('to')),
    contact: uriOf(message.getHeader('contact')),
    instance: '00000000-0000-4000-8000-000000000000',
  };
}

/** For a request of the gateway in a call that the browser has begun. */
export const inCallOf = (invite: Received, cseq: number): Values => ({
  ...answering(invite),
  branch: `z9hG4bK${word()}`,
  cseq: String(cseq),
});

/** For a request of the gateway in a call that came from outside. */
export const inCallFrom = (invite: IncomingRequest, ownTag: string, values: Values, cseq: number): Values => ({
  ...values,
  'far-tag': invite.from_tag,
  'own-tag': ownTag,
  'call-id': invite.call_id,
  branch: `z9hG4bK${word()}`,
  cseq: String(cseq),
});

/** For a request that begins a call. */
export const fromOutside = (register: Received): Values => ({
  ...answering(register),
  'far-tag': word(),
  'call-id': word(),
  branch: `z9hG4bK${word()}`,
  cseq: '1',
});
