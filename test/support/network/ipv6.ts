import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { requireProgram } from '../../../demo/stack/processes.js';
import type { HostName, Network } from './network.js';

/** Of documents and tests (RFC 3849): where the visitor's machine is, and where this one is. */
const MOBILE = '2001:db8:6::';
const SERVERS = '2001:db8:4::';

/** The address of IPv6 that has one of IPv4 at its end, in hexadecimal alone: Kamailio reads no other. */
export function behind(prefix: string, address: string): string {
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  return `${prefix}${((a << 8) + b).toString(16)}:${((c << 8) + d).toString(16)}`;
}

/** `mobile` as most mobile networks are: IPv6, and nothing else. */
export interface Ipv6 {
  /** Of the visitor's machine there. */
  address: string;
  /** The visitor's machine leaves `wifi`, and has IPv6 alone from now on. */
  up(): Promise<void>;
  /** As before; heal the network first. */
  lower(): Promise<void>;
}

/** Lays IPv6 between the router and the visitor's machine; it leads nowhere else yet. */
export async function layIpv6({ visitor, router, mobile, wifi }: Network): Promise<Ipv6> {
  const ip = requireProgram('ip', 'iproute2');
  const address = behind(MOBILE, mobile.address);
  const gateway = `${MOBILE}1`;
  // Neighbours look for each other by addresses of the cable, too.
  for (const own of [`${gateway}/64`, 'fe80::1/64']) {
    await router.run(ip, 'address', 'add', own, 'dev', mobile.far, 'nodad');
  }
  await router.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding');
  return {
    address,
    async up() {
      await wifi.down();
      await visitor.run(ip, 'link', 'set', mobile.name, 'up');
      for (const own of [`${address}/64`, 'fe80::2/64']) {
        await visitor.run(ip, 'address', 'replace', own, 'dev', mobile.name, 'nodad');
      }
      await visitor.run(ip, 'route', 'replace', 'default', 'via', gateway, 'dev', mobile.name);
    },
    async lower() {
      await router.run(ip, 'address', 'flush', 'dev', mobile.far);
    },
  };
}

/** Gives this machine addresses of IPv6 beside its others, by the same names, and a way from `mobile` to them. */
export async function giveServersIpv6(network: Network): Promise<Readonly<Record<HostName, string>>> {
  const { hosts, out, router, mobile, name } = network;
  const ip = requireProgram('ip', 'iproute2');
  const here = (...command: string[]) => promisify(execFile)(ip, command);
  const there = behind(SERVERS, out.router);
  const entries = Object.entries(hosts).map(([host, address]) => [host, behind(SERVERS, address)] as const);
  // Deprecated at once: servers listen there, and no other test's browser takes it for an address of its own.
  for (const [, own] of entries) {
    await here('address', 'add', `${own}/128`, 'dev', out.cable, 'nodad', 'preferred_lft', '0');
  }
  await here('address', 'add', 'fe80::1/64', 'dev', out.cable, 'nodad', 'preferred_lft', '0');
  await router.run(ip, 'address', 'add', 'fe80::2/64', 'dev', 'out', 'nodad');
  await router.run(ip, 'address', 'add', `${there}/128`, 'dev', 'out', 'nodad');
  await here('route', 'add', behind(MOBILE, mobile.address), 'via', 'fe80::2', 'dev', out.cable);
  for (const [, own] of entries) await router.run(ip, 'route', 'add', `${own}/128`, 'via', 'fe80::1', 'dev', 'out');
  await name(Object.fromEntries(entries.map(([host, own]) => [host, [own, hosts[host as HostName]]])));
  return Object.fromEntries(entries) as Record<HostName, string>;
}
