/** A SIP message as text, taken apart as far as a test phone or a probe needs it (RFC 3261 section 7). */
export interface SipMessage {
  /** First line. */
  start: string;
  /** Of a request. */
  method?: string;
  uri?: string;
  /** Of a response. */
  status?: number;
  headers: { name: string; value: string }[];
  body: string;
  /** As it came. */
  text: string;
}

const COMPACT: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
};

export function parseSip(text: string): SipMessage {
  const end = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
  });
  const message: SipMessage = { start, headers, body: end < 0 ? '' : text.slice(end + 4), text };
  const [first = '', second = ''] = start.split(' ');
  if (first === 'SIP/2.0') message.status = Number(second);
  else [message.method, message.uri] = [first, second];
  return message;
}

export function headersOf(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers
    .filter((header) => (COMPACT[header.name.toLowerCase()] ?? header.name.toLowerCase()) === wanted)
    .map((header) => header.value);
}

export function headerOf(message: SipMessage, name: string): string {
  return headersOf(message, name)[0] ?? '';
}

/** A response to a request: what RFC 3261 section 8.2.6 copies, and a To tag. */
export function responseTo(
  request: SipMessage,
  status: number,
  reason: string,
  options: { toTag?: string; headers?: string[]; body?: string } = {},
): string {
  const { toTag, headers = [], body = '' } = options;
  const copied = request.headers.filter(({ name }) => /^(via|v|from|f|call-id|i|cseq|record-route)$/i.test(name));
  const to = headerOf(request, 'to');
  return [
    `SIP/2.0 ${status} ${reason}`,
    ...copied.map(({ name, value }) => `${name}: ${value}`),
    `To: ${toTag && !to.includes(';tag=') ? `${to};tag=${toTag}` : to}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
