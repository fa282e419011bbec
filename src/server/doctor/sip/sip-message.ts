/** A SIP message as far as a caller who never talks has to read it (RFC 3261 section 7). */
export interface SipMessage {
  /** Of a request. */
  method: string | undefined;
  /** Of a response. */
  status: number | undefined;
  /** All values of a header, by its full name. */
  all(name: string): string[];
}

/** What is sent. */
export interface SipRequest {
  method: string;
  uri: string;
  /** In order; Content-Length is added. */
  headers: readonly (readonly [name: string, value: string])[];
  body?: string;
}

/** RFC 3261 section 7.3.3. */
const COMPACT: Readonly<Record<string, string>> = { v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact' };

/** @returns undefined for what is no SIP message, such as a keep-alive */
export function parseSip(text: string): SipMessage | undefined {
  const [start = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n');
  const [, status] = /^SIP\/2\.0 ([1-6]\d\d)(?: |$)/.exec(start) ?? [];
  const [, method] = /^([A-Z]+) \S+ SIP\/2\.0$/.exec(start) ?? [];
  if (status === undefined && method === undefined) return undefined;
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    return [COMPACT[name] ?? name, line.slice(colon + 1).trim()] as const;
  });
  return {
    method,
    status: status === undefined ? undefined : Number(status),
    all: (name) => headers.filter(([known]) => known === name.toLowerCase()).map(([, value]) => value),
  };
}

export function composeSip({ method, uri, headers, body = '' }: SipRequest): string {
  return [
    `${method} ${uri} SIP/2.0`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** 200 to whatever the gateway asks meanwhile (RFC 3261 section 8.2.6). */
export function composeOk(request: SipMessage): string {
  const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
    request.all(name).map((value) => `${name}: ${value}`),
  );
  return ['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n');
}
