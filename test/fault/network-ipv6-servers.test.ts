import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireProgram } from '../../demo/stack/processes.js';
import { selectedRoute } from '../journey/support/selected-route.js';
import { layIpv6 } from '../support/network/ipv6.js';
import { faults, type Make } from './support/fault.js';
import { backAgain, silence, survived, type InCall } from './support/in-call.js';
import { TURN_BY_NAME, useNetworkScene } from './support/network-scene.js';
import type { Met } from './support/told.js';

/** Gateway, rtpengine, coturn and page each have an address of both kinds. */
const scene = useNetworkScene({ named: TURN_BY_NAME }, true);

/** How long they talk over such a way, in milliseconds. */
const TALK_MS = 5000;

/** In a call that begins over IPv4, or over IPv6 alone with nobody who translates. */
const inCall =
  (over: 'IPv4' | 'IPv6', act: (call: InCall, up: () => Promise<void>) => Promise<Omit<Met, 'outcome'>>): Make =>
  async (name) => {
    const six = await layIpv6((await scene()).network);
    try {
      if (over === 'IPv6') await six.up();
      return await survived(scene, (call) => act(call, () => six.up()))(name);
    } finally {
      await six.lower();
    }
  };

/** No relay is needed. */
async function direct({ visitor }: InCall): Promise<void> {
  assert.match((await selectedRoute(visitor.page)).candidateType!, /^(host|prflx)$/);
}

faults('IPv6 alone, and servers that have it too', (fault) => {
  fault(
    'the caller has no IPv4',
    inCall('IPv6', async (call) => {
      await direct(call);
      await sleep(TALK_MS);
      return {};
    }),
  );

  fault('the caller has no IPv4, and only the relay is left', async (name) => {
    const here = await scene();
    const { network } = here;
    const rule = (...words: string[]) => network.router.run(requireProgram('ip6tables', 'iptables'), ...words);
    try {
      for (const words of here.besideRelay(network.mobile)) {
        await rule('-A', 'FORWARD', '-p', 'udp', ...words, '-j', 'DROP');
      }
      return await inCall('IPv6', async ({ visitor }) => {
        assert.deepEqual(await selectedRoute(visitor.page), { candidateType: 'relay', relayProtocol: 'udp' });
        await sleep(TALK_MS);
        return {};
      })(name);
    } finally {
      await rule('-F', 'FORWARD');
    }
  });

  fault(
    'from Wi-Fi with IPv4 to a mobile network with IPv6 alone while they talk',
    inCall('IPv4', async (call, up) => {
      const changed = performance.now();
      await up();
      await silence(call);
      const recoverMs = await backAgain(call, changed);
      await direct(call);
      return { recoverMs };
    }),
  );
});
