import { inBlock, parseIp, parseIpBlock, type IpAddress } from './ip-address.js';

/** Finds out who asks; undefined where nothing tells. */
export type ClientAddress = (request: Request) => string | undefined;

export interface ClientAddressOptions {
  /**
   * Addresses of your own proxies, as `10.0.0.0/8` or a single address. What they say of who asked them is believed, and
   * nobody else's word. Default: none, so that the other end of the socket is who asks.
   */
  trustedProxies?: readonly string[];
  /**
   * The header that the proxies write. They must replace or extend what came in, and only this one is read: a header
   * that a proxy passes on untouched says whatever the visitor likes. Default: `x-forwarded-for`.
   */
  header?: 'x-forwarded-for' | 'forwarded';
}

const peers = new WeakMap<Request, string>();

/** Remembers who is at the other end of the socket that a request came over. */
export function rememberPeer(request: Request, address: string | undefined): void {
  if (address !== undefined) peers.set(request, address);
}

/** The other end of the socket; known of requests that came through `toNodeListener`. */
export function peerAddressOf(request: Request): string | undefined {
  return peers.get(request);
}

/**
 * Tells the address of the visitor from the socket, through proxies of yours: their list is read from its end, where the
 * nearest of them has written, up to the first address that is none of them. What stands before that, anybody can claim.
 */
export function createClientAddress({
  trustedProxies = [],
  header = 'x-forwarded-for',
}: ClientAddressOptions = {}): ClientAddress {
  const blocks = trustedProxies.map(parseIpBlock);
  const trusted = (address: IpAddress): boolean => blocks.some((block) => inBlock(address, block));
  const read = header === 'forwarded' ? forwardedFor : hops;

  return (request) => {
    let known = peerAddressOf(request);
    const peer = known === undefined ? undefined : parseIp(known);
    if (!peer || !trusted(peer)) return known;
    for (const hop of read(request.headers.get(header) ?? '').reverse()) {
      const address = parseIp(hop);
      // A proxy that does not say whom it serves stands for all of them.
      if (!address) return known;
      known = hop;
      if (!trusted(address)) return known;
    }
    return known;
  };
}

/** The addresses of an `X-Forwarded-For` list. */
function hops(list: string): string[] {
  return list === '' ? [] : list.split(',').map((hop) => withoutPort(hop.trim()));
}

/** The `for` of each element of a `Forwarded` list (RFC 7239); empty where an element has none that is an address. */
function forwardedFor(list: string): string[] {
  if (list === '') return [];
  return splitUnquoted(list, ',').map((element) => {
    const [pair = ''] = splitUnquoted(element, ';').filter((one) => /^\s*for=/i.test(one));
    const [, quoted, plain] = /^\s*for=(?:"([^"]*)"|([^\s"]*))\s*$/i.exec(pair) ?? [];
    return withoutPort(quoted ?? plain ?? '');
  });
}

/**
 * Splits a text at a separator, except in quoted strings. It is read from its end, where the nearest proxy has written: a
 * quote that a visitor has left open then swallows nothing but what stands before it.
 */
function splitUnquoted(text: string, separator: string): string[] {
  const parts: string[] = [];
  let end = text.length;
  let quoted = false;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === '"' && text[at - 1] !== '\\') quoted = !quoted;
    if (text[at] !== separator || quoted) continue;
    parts.unshift(text.slice(at + 1, end));
    end = at;
  }
  return [text.slice(0, end), ...parts];
}

/** `192.0.2.1:443` and `[2001:db8::1]:443` without the port. */
function withoutPort(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  return bracketed ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}
