import { readFile } from 'node:fs/promises';
import type { Network } from './network.js';

/** A UDP socket of the visitor's machine, and where the NAT lets it talk to. */
export interface Binding {
  from: { address: string; port: number };
  to: { address: string; port: number };
  /** The port that it has outside. */
  outside: number;
}

export interface Nat {
  /** Those that there are at the moment. */
  bindings(): Promise<Binding[]>;
  /** A socket of the visitor's machine says a word, and nothing more. @returns its binding */
  speak(port: number): Promise<Binding>;
  /** Bindings live as long as they usually do; translated they are until the network is healed. */
  lower(): Promise<void>;
}

/** Of Linux (seconds): of a binding that was answered never, and often. */
const AS_USUAL = { udp_timeout: 30, udp_timeout_stream: 120 } as const;

/** Where nobody listens (RFC 863). */
const DISCARD = 9;

const UDP = /\budp +17 \d+ src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+).*? src=\S+ dst=\S+ sport=\d+ dport=(\d+)/;

/**
 * Makes a NAT of the router: outside, all is the router's own, and each binding has a port by chance. It forgets a UDP
 * binding over which nothing went for so long, as many do, though RFC 4787 (section 4.3) wants two minutes at least; what
 * is sent after that gets another port, and nothing comes back to the old one.
 */
export async function raiseNat(
  { hosts, visitor, router, rule }: Network,
  { seconds }: { seconds: number },
): Promise<Nat> {
  const forget = async (after: Record<keyof typeof AS_USUAL, number>): Promise<void> => {
    for (const [name, value] of Object.entries(after)) {
      await router.run('sh', '-c', `echo ${value} > /proc/sys/net/netfilter/nf_conntrack_${name}`);
    }
  };
  await forget({ udp_timeout: seconds, udp_timeout_stream: seconds });
  await rule('-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-j', 'MASQUERADE', '--random');
  const bindings = async (): Promise<Binding[]> => {
    const lines = (await readFile(`/proc/${router.pid}/net/nf_conntrack`, 'utf8')).split('\n');
    return lines.flatMap((line) => {
      const [, from, to, port, toPort, outside] = UDP.exec(line) ?? [];
      if (!from || !to) return [];
      return [
        {
          from: { address: from, port: Number(port) },
          to: { address: to, port: Number(toPort) },
          outside: Number(outside),
        },
      ];
    });
  };
  return {
    bindings,
    async speak(port) {
      const word = `const socket = require('node:dgram').createSocket('udp4');
        socket.bind(${port}, () => socket.send('.', ${DISCARD}, '${hosts['shop.test']}', () => socket.close()));`;
      await visitor.run(process.execPath, '--eval', word);
      const bound = (await bindings()).find(({ from, to }) => from.port === port && to.port === DISCARD);
      if (!bound) throw new Error('The NAT has no binding for it');
      return bound;
    },
    lower: () => forget(AS_USUAL),
  };
}
