/** A SIP message as lines that can be changed one by one (RFC 3261 section 7). */
export interface Message {
  start: string;
  headers: [name: string, value: string][];
  /** Lines of the body. */
  body: string[];
  /** Where it shall say another length than it has. */
  length?: string;
}

export function taken(text: string): Message {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const body = rest.join('\r\n\r\n');
  return { start, headers, body: body ? body.split(/\r?\n/) : [] };
}

export function written({ start, headers, body, length }: Message): string {
  const text = body.join('\r\n');
  const lines = headers.map(([name, value]) =>
    name === 'Content-Length' ? `${name}: ${length ?? new TextEncoder().encode(text).length}` : `${name}: ${value}`,
  );
  return [start, ...lines, '', text].join('\r\n');
}
