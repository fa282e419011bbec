import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../../demo/stack/probes.js';
import { Program, requireProgram } from '../../../demo/stack/processes.js';
import { behind, layIpv6, type Ipv6 } from './ipv6.js';
import type { Network } from './network.js';

/** All of IPv4 is behind it (RFC 6052); of documents and tests (RFC 3849). */
const PREFIX = '2001:db8:64::';
const DEVICE = 'nat64';

/**
 * `mobile` has IPv6 alone, and the router translates what goes to addresses of IPv4 behind a prefix (NAT64). Names have
 * both kinds of addresses, as its DNS would tell them (DNS64).
 */
export async function raiseNat64(network: Network): Promise<Ipv6> {
  const { folder, hosts, router, mobile, rule, name } = network;
  const ip = requireProgram('ip', 'iproute2');
  const ipv6 = await layIpv6(network);
  const configuration = join(folder, 'tayga.conf');
  const lines = [
    `tun-device ${DEVICE}`,
    // What it says itself comes from there; nobody asks it for anything.
    'ipv4-addr 192.0.0.8',
    `prefix ${PREFIX}/96`,
    `map ${mobile.address} ${ipv6.address}`,
  ];
  await writeFile(configuration, lines.map((line) => `${line}\n`).join(''));
  const [command, ...enter] = router.enter;
  const tayga = new Program({
    name: 'tayga',
    command: command!,
    args: [...enter, requireProgram('tayga', 'tayga'), '--nodetach', '--config', configuration],
    folder,
    verbose: false,
    // Whoever needs it notices.
    onCrash: () => undefined,
  });
  const lower = async (): Promise<void> => {
    await tayga.stop();
    await ipv6.lower();
    await mobile.plugIn();
    await name(hosts);
  };
  try {
    await until('tayga', () => router.run(ip, 'link', 'set', DEVICE, 'addrgenmode', 'none', 'up'));
    await router.run(ip, 'route', 'replace', mobile.address, 'dev', DEVICE);
    await router.run(ip, 'route', 'replace', `${PREFIX}/96`, 'dev', DEVICE);
    // It translates one for one; what makes it one for many is the NAT behind it.
    await rule('-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-s', mobile.address, '-j', 'MASQUERADE', '--random');
    const both = Object.entries(hosts).map(([host, address]) => [host, [behind(PREFIX, address), address]] as const);
    await name(Object.fromEntries(both));
  } catch (error) {
    await lower();
    throw error;
  }
  return { ...ipv6, lower };
}
