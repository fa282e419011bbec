import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../../../demo/stack/folder.js';
import { requireProgram } from '../../../demo/stack/processes.js';
import { Link } from './link.js';
import { makeNamespace, type Namespace } from './namespace.js';

export type HostName = 'shop.test' | 'gateway.test' | 'turn.test';

/**
 * A network of its own: a visitor's machine, a router, and this machine behind it.
 *
 *     visitor ──wifi── router ──── this machine: shop.test, gateway.test, turn.test
 *        └────mobile────┘
 */
export interface Network {
  /** Names that the visitor's machine knows, and addresses of this one behind them. Firefox speaks TLS with no TURN server without a name. */
  hosts: Readonly<Record<HostName, string>>;
  /** This machine's end of the cable to the router, and the router's address on it. */
  out: { cable: string; router: string };
  /** For what is needed until the end. */
  folder: string;
  visitor: Namespace;
  router: Namespace;
  /** The way that is there from the beginning. */
  wifi: Link;
  /** Another one, with another address; down at first. */
  mobile: Link;
  /** One more rule of the router's firewall, as the words of an `iptables` command line. */
  rule(...words: string[]): Promise<string>;
  /** What the visitor's machine takes these names for, one address of each or several; other names it does not know. */
  name(hosts: Readonly<Record<string, string | readonly string[]>>): Promise<void>;
  /** As at the beginning: no rules in the router, the visitor on `wifi`. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** IPv4 alone: an interface gives itself an address of IPv6, and then all of this would be needed twice. */
export const up = (device: string): string[] => ['link', 'set', device, 'addrgenmode', 'none', 'up'];

/** How many addresses a network has, and how many networks a process may make. */
const BLOCK = 8;
const BLOCKS = 4;
let made = 0;

/** @throws Error where this process may make none */
export async function openNetwork(): Promise<Network> {
  const ip = requireProgram('ip', 'iproute2');
  const iptables = requireProgram('iptables', 'iptables');
  const here = (...command: string[]) => promisify(execFile)(ip, command);
  const folder = await makeFolder();
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };

  // Of its own for each process that runs at the same time, in a range for networks of tests (RFC 2544).
  const number = made++ % BLOCKS;
  const first = ((process.pid % 4096) * BLOCKS + number) * BLOCK;
  const of = (index: number) => `198.${18 + (first >> 16)}.${(first >> 8) % 256}.${(first % 256) + index}`;
  const hosts = { 'shop.test': of(1), 'gateway.test': of(2), 'turn.test': of(3) };
  const router = of(4);
  const cable = `net${number}-${process.pid}`;

  try {
    const visitor = await makeNamespace('visitor', folder);
    undo.push(visitor.close);
    const middle = await makeNamespace('router', folder);
    undo.push(middle.close);

    await here('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'out', 'netns', String(middle.pid));
    // The kernel takes it away as well, some time after the last process has left the namespaces.
    undo.push(() => here('link', 'delete', cable));
    await here(...up(cable));
    // Ours without being an interface's: other tests, too, look up what address this machine has.
    for (const address of Object.values(hosts)) await here('route', 'add', 'local', address, 'dev', cable);
    await here('route', 'add', router, 'dev', cable);

    await middle.run(ip, 'link', 'set', 'lo', 'up');
    await middle.run(ip, ...up('out'));
    await middle.run(ip, 'address', 'add', `${router}/32`, 'dev', 'out');
    await middle.run(ip, 'route', 'add', 'default', 'dev', 'out');
    await middle.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    await visitor.run(ip, 'link', 'set', 'lo', 'up');

    const links = { wifi: of(5), mobile: of(6) };
    for (const address of Object.values(links)) await here('route', 'add', address, 'via', router);
    const [wifi, mobile] = Object.entries(links).map(
      ([name, address]) => new Link({ name, address, gateway: router, visitor, router: middle }),
    ) as [Link, Link];
    await wifi.lay();
    await mobile.lay();
    await wifi.up();

    // With a dot at its end, too: so does Chromium ask where its sound goes.
    const name: Network['name'] = async (names) => {
      const lines = Object.entries(names).flatMap(([host, addresses]) =>
        [addresses].flat().map((address) => `${address} ${host} ${host}.\n`),
      );
      // In place: it is this very file that is mounted over the machine's.
      await writeFile(join(folder, 'hosts'), ['127.0.0.1 localhost\n', ...lines].join(''));
    };
    await name(hosts);
    // Nobody is asked for other names: questions that nobody answers would hold up the browser, and be counted.
    await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
    for (const file of ['hosts', 'resolv.conf']) {
      if (existsSync(`/etc/${file}`)) await visitor.run('mount', '--bind', join(folder, file), `/etc/${file}`);
    }
    const rule = (...words: string[]) => middle.run(iptables, ...words);
    const heal = async (): Promise<void> => {
      await rule('-P', 'FORWARD', 'ACCEPT');
      for (const table of ['filter', 'nat', 'mangle']) await rule('-t', table, '-F');
      await mobile.down();
      await wifi.plugIn();
      await wifi.up();
    };
    return { hosts, out: { cable, router }, folder, visitor, router: middle, wifi, mobile, rule, name, heal, close };
  } catch (error) {
    await close();
    throw error;
  }
}
