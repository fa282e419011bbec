import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { selectedRoute } from '../journey/support/selected-route.js';
import type { Ipv6 } from '../support/network/ipv6.js';
import { raiseNat64 } from '../support/network/nat64.js';
import { faults, type Make } from './support/fault.js';
import { backAgain, silence, survived, type InCall } from './support/in-call.js';
import { TURN_BY_NAME, useNetworkScene } from './support/network-scene.js';
import type { Met } from './support/told.js';

const scene = useNetworkScene({ named: TURN_BY_NAME });

/** How long they talk over such a way, in milliseconds. */
const TALK_MS = 5000;

/** Plays where `mobile` is a network of IPv6 alone, and the servers have IPv4 alone. */
const withNat64 =
  (make: (six: Ipv6) => Make): Make =>
  async (name) => {
    const six = await raiseNat64((await scene()).network);
    try {
      return await make(six)(name);
    } finally {
      await six.lower();
    }
  };

/** The browser pairs no address of IPv6 with rtpengine's, which is of IPv4: the relay, found by its name, has one. */
async function overRelay({ visitor }: InCall): Promise<void> {
  assert.deepEqual(await selectedRoute(visitor.page), { candidateType: 'relay', relayProtocol: 'udp' });
}

/** In a call, from one network to another. */
const change = (begin: (six: Ipv6) => Promise<void>, go: (six: Ipv6, call: InCall) => Promise<unknown>): Make =>
  withNat64((six) => async (name) => {
    await begin(six);
    return survived(scene, async (call): Promise<Omit<Met, 'outcome'>> => {
      const changed = performance.now();
      await go(six, call);
      await silence(call);
      return { recoverMs: await backAgain(call, changed) };
    })(name);
  });

faults('IPv6 alone, and NAT64', (fault) => {
  fault(
    'the caller has no IPv4, and the servers have no IPv6',
    withNat64((six) => async (name) => {
      await six.up();
      return survived(scene, async (call) => {
        await overRelay(call);
        await sleep(TALK_MS);
        return {};
      })(name);
    }),
  );

  fault(
    'from Wi-Fi with IPv4 to a mobile network with IPv6 alone while they talk',
    change(
      () => Promise.resolve(),
      (six) => six.up(),
    ),
  );

  fault(
    'from a mobile network with IPv6 alone to Wi-Fi with IPv4 while they talk',
    change(
      (six) => six.up(),
      (_, call) => call.scene.network.heal(),
    ),
  );
});
