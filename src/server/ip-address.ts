/** An IP address as eight groups of 16 bits; an IPv4 address stands there as IPv6 maps it (RFC 4291 section 2.5.5.2). */
export type IpAddress = readonly number[];

/** A block of addresses, such as `10.0.0.0/8`. */
export interface IpBlock {
  address: IpAddress;
  /** How many leading bits of 128 count. */
  bits: number;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** Reads an address as it stands in a socket or a header, without brackets and port; undefined where it is none. */
export function parseIp(text: string): IpAddress | undefined {
  const v4 = ipv4Groups(text);
  if (v4) return [0, 0, 0, 0, 0, 0xffff, ...v4];
  // A zone (RFC 4007) says which network card, not who.
  const [address = ''] = text.split('%');
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(ipv6Groups);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (!tail) return head.length === 8 ? head : undefined;
  const missing = 8 - head.length - tail.length;
  return missing > 0 ? [...head, ...Array<number>(missing).fill(0), ...tail] : undefined;
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address. @throws {TypeError} where it is none */
export function parseIpBlock(text: string): IpBlock {
  const [start = '', length, ...rest] = text.split('/');
  const address = parseIp(start);
  const most = IPV4.test(start) ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : NaN;
  if (!address || rest.length > 0 || !(bits <= most)) throw new TypeError(`"${text}" is no block of IP addresses`);
  return { address, bits: 128 - most + bits };
}

/** Whether an address lies in a block. */
export function inBlock(address: IpAddress, block: IpBlock): boolean {
  return block.address.every((group, index) => {
    const bits = Math.min(Math.max(block.bits - index * 16, 0), 16);
    return (group ^ (address[index] ?? 0)) >>> (16 - bits) === 0;
  });
}

/**
 * The name under which an address is counted: an IPv4 address alone, an IPv6 address with its whole /64, since every
 * subscriber has at least that many and changes them at will.
 */
export function countedAs(address: IpAddress): string {
  const [, , , , , , high = 0, low = 0] = address;
  if (inBlock(address, MAPPED)) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const network = address.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

const MAPPED: IpBlock = { address: [0, 0, 0, 0, 0, 0xffff, 0, 0], bits: 96 };

function ipv4Groups(text: string): number[] | undefined {
  const bytes = IPV4.exec(text)?.slice(1).map(Number);
  if (!bytes || bytes.some((byte) => byte > 255)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return [a * 256 + b, c * 256 + d];
}

/** The groups of one side of `::`; the last may be written as IPv4. */
function ipv6Groups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups = parts.flatMap((part, index) => {
    const v4 = index === parts.length - 1 ? ipv4Groups(part) : undefined;
    return v4 ?? [GROUP.test(part) ? parseInt(part, 16) : NaN];
  });
  return groups.length <= 8 && !groups.some(Number.isNaN) ? groups : undefined;
}
