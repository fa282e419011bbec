/** The address of a STUN or TURN server (RFC 7064 section 3.1, RFC 7065 section 3.1). */
export interface IceUrl {
  kind: 'stun' | 'turn';
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
}

const FORM = /^(stun|turn)(s?):(\[[0-9a-f:.]+\]|[^\s:?/]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;

/** @returns undefined for what is no such address */
export function readIceUrl(text: string): IceUrl | undefined {
  const [, scheme = '', secure, host = '', port, asked] = FORM.exec(text) ?? [];
  if (scheme === '') return undefined;
  // DTLS is named nowhere: over `turns:` browsers speak TCP, whatever the address says.
  const transport = secure ? 'tls' : asked?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  return {
    kind: scheme.toLowerCase() === 'turn' ? 'turn' : 'stun',
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (secure ? 5349 : 3478) : Number(port),
    transport,
  };
}
