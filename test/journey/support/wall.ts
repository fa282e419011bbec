import { requireProgram } from '../../../demo/stack/processes.js';
import type { Network } from '../../support/network/network.js';

/** What the firewall has counted, in packets from inside. */
export interface WallCounts {
  /** UDP, which was dropped. */
  udpDropped: number;
  /** TCP to port 443 that went out. */
  tlsPassed: number;
  /** Anything else that went out. */
  otherPassed: number;
}

/** From now on the router drops all but TCP to port 443, and says nothing of it. @returns what it has counted since */
export async function buildWall({ router, wifi, rule }: Network): Promise<() => Promise<WallCounts>> {
  const tls = ['-p', 'tcp', '--dport', '443'];
  const named = (name: keyof WallCounts) => ['-m', 'comment', '--comment', name];
  await rule('-P', 'FORWARD', 'DROP');
  await rule('-A', 'FORWARD', '-i', wifi.far, ...tls, '-j', 'ACCEPT');
  await rule('-A', 'FORWARD', '-i', 'out', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT');
  await rule('-A', 'FORWARD', '-i', wifi.far, '-p', 'udp', ...named('udpDropped'), '-j', 'DROP');
  // Counted once more behind it, for what it may have let through.
  await rule('-t', 'mangle', '-A', 'POSTROUTING', '-o', 'out', ...tls, ...named('tlsPassed'), '-j', 'ACCEPT');
  await rule('-t', 'mangle', '-A', 'POSTROUTING', '-o', 'out', ...named('otherPassed'), '-j', 'ACCEPT');

  const save = `${requireProgram('iptables', 'iptables')}-save`;
  return async () => {
    const rules = await router.run(save, '--counters');
    const packets = (name: keyof WallCounts): number => {
      const [, count] = new RegExp(`^\\[([0-9]+):[0-9]+\\] .*--comment "?${name}\\b`, 'm').exec(rules) ?? [];
      if (count === undefined) throw new Error(`The firewall has no counter ${name}: ${rules}`);
      return Number(count);
    };
    return { udpDropped: packets('udpDropped'), tlsPassed: packets('tlsPassed'), otherPassed: packets('otherPassed') };
  };
}
