import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../../demo/stack/folder.js';
import { requireProgram } from '../../../demo/stack/processes.js';
import { makeNamespace } from './namespace.js';

export type HostName = 'shop.test' | 'gateway.test' | 'turn.test';

/** What the firewall has counted, in packets from inside. */
export interface WallCounts {
  /** UDP, which was dropped. */
  udpDropped: number;
  /** TCP to port 443 that went out. */
  tlsPassed: number;
  /** Anything else that went out. */
  otherPassed: number;
}

/** A network of its own. The only way out is a firewall, which drops all but TCP to port 443 and says nothing of it. */
export interface WalledNetwork {
  /** Names that it knows, and addresses of this machine behind them. Firefox speaks TLS with no TURN server without a name. */
  hosts: Readonly<Record<HostName, string>>;
  /** For what is needed until the end. */
  folder: string;
  /** What a command line begins with that is to run in there. */
  enter: readonly string[];
  counts(): Promise<WallCounts>;
  close(): Promise<void>;
}

/** @throws Error where this process may make none */
export async function openWalledNetwork(): Promise<WalledNetwork> {
  const ip = requireProgram('ip', 'iproute2');
  const iptables = requireProgram('iptables', 'iptables');
  const here = (...command: string[]) => promisify(execFile)(ip, command);
  const folder = await makeFolder();
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };

  // Of its own for each process that runs at the same time, in a range for networks of tests (RFC 2544).
  const of = (index: number) => `198.18.${1 + ((process.pid >> 5) % 254)}.${(process.pid % 32) * 8 + index}`;
  const hosts = { 'shop.test': of(1), 'gateway.test': of(2), 'turn.test': of(3) };
  const [router, visitor] = [of(4), of(5)];
  const cable = `wall-${process.pid}`;

  try {
    const inside = await makeNamespace('inside', folder);
    undo.push(inside.close);
    const wall = await makeNamespace('wall', folder);
    undo.push(wall.close);
    // IPv4 alone: an interface gives itself an address of IPv6, and then all of this would be needed twice.
    const up = (name: string) => ['link', 'set', name, 'addrgenmode', 'none', 'up'];

    await here('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'out', 'netns', String(wall.pid));
    // The kernel takes it away as well, some time after the last process has left the namespaces.
    undo.push(() => here('link', 'delete', cable));
    await here(...up(cable));
    // Ours without being an interface's: other tests, too, look up what address this machine has.
    for (const address of Object.values(hosts)) await here('route', 'add', 'local', address, 'dev', cable);
    await here('route', 'add', router, 'dev', cable);
    await here('route', 'add', visitor, 'via', router);

    await wall.run(ip, 'link', 'add', 'in', 'type', 'veth', 'peer', 'name', 'wall', 'netns', String(inside.pid));
    await wall.run(ip, ...up('out'));
    await wall.run(ip, ...up('in'));
    await wall.run(ip, 'address', 'add', `${router}/32`, 'dev', 'out');
    await wall.run(ip, 'route', 'add', 'default', 'dev', 'out');
    await wall.run(ip, 'route', 'add', visitor, 'dev', 'in');

    await inside.run(ip, 'link', 'set', 'lo', 'up');
    await inside.run(ip, ...up('wall'));
    await inside.run(ip, 'address', 'add', `${visitor}/32`, 'dev', 'wall');
    await inside.run(ip, 'route', 'add', router, 'dev', 'wall');
    await inside.run(ip, 'route', 'add', 'default', 'via', router);

    const names = Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`);
    // Nobody is asked for other names: questions that nobody answers would hold up the browser, and be counted.
    const files = { hosts: ['127.0.0.1 localhost\n', ...names].join(''), 'resolv.conf': 'nameserver 127.0.0.1\n' };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text);
      if (existsSync(`/etc/${name}`)) await inside.run('mount', '--bind', join(folder, name), `/etc/${name}`);
    }

    const tls = ['-p', 'tcp', '--dport', '443'];
    const named = (name: keyof WallCounts) => ['-m', 'comment', '--comment', name];
    const rule = (...words: string[]) => wall.run(iptables, ...words);
    await rule('-P', 'FORWARD', 'DROP');
    await rule('-A', 'FORWARD', '-i', 'in', ...tls, '-j', 'ACCEPT');
    await rule('-A', 'FORWARD', '-i', 'out', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT');
    await rule('-A', 'FORWARD', '-i', 'in', '-p', 'udp', ...named('udpDropped'), '-j', 'DROP');
    // Counted once more behind it, for what it may have let through.
    await rule('-t', 'mangle', '-A', 'POSTROUTING', '-o', 'out', ...tls, ...named('tlsPassed'), '-j', 'ACCEPT');
    await rule('-t', 'mangle', '-A', 'POSTROUTING', '-o', 'out', ...named('otherPassed'), '-j', 'ACCEPT');
    await wall.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');

    const counts = async (): Promise<WallCounts> => {
      const rules = await wall.run(`${iptables}-save`, '--counters');
      const packets = (name: keyof WallCounts): number => {
        const [, count] = new RegExp(`^\\[([0-9]+):[0-9]+\\] .*--comment "?${name}\\b`, 'm').exec(rules) ?? [];
        if (count === undefined) throw new Error(`The firewall has no counter ${name}: ${rules}`);
        return Number(count);
      };
      return {
        udpDropped: packets('udpDropped'),
        tlsPassed: packets('tlsPassed'),
        otherPassed: packets('otherPassed'),
      };
    };
    return { hosts, folder, enter: inside.enter, counts, close };
  } catch (error) {
    await close();
    throw error;
  }
}
