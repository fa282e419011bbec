import assert from 'node:assert/strict';
import { selectedRoute, type Route } from '../journey/support/selected-route.js';
import { faults } from './support/fault.js';
import { backAgain, ended, silence, survived, type InCall } from './support/in-call.js';
import { useNetworkScene } from './support/network-scene.js';
import { since } from './support/outcomes.js';

const scene = useNetworkScene();

/** Makes a firewall of the router, in a call, and waits until the voice has found the way that is left. */
async function close(call: InCall, rules: string[][], left: Route): Promise<{ recoverMs: number }> {
  assert.equal((await selectedRoute(call.visitor.page)).candidateType, 'host');
  const closed = performance.now();
  for (const rule of rules) await call.scene.network.rule('-A', 'FORWARD', '-p', 'udp', ...rule, '-j', 'DROP');
  await silence(call);
  const recoverMs = await backAgain(call, closed);
  assert.deepEqual(await selectedRoute(call.visitor.page), left);
  return { recoverMs };
}

faults('ways through the network', (fault) => {
  fault(
    'only the relay is left while they talk: UDP to the gateway is dropped',
    survived(scene, (call) => close(call, call.scene.besideRelay(), { candidateType: 'relay', relayProtocol: 'udp' })),
  );

  fault(
    'UDP is closed while they talk: TURN over TLS is left',
    survived(scene, (call) => close(call, [[]], { candidateType: 'relay', relayProtocol: 'tls' })),
  );

  fault(
    'DTLS never completes',
    ended(scene, 'media-failed', async ({ network }, visitor) => {
      // The first byte of the UDP payload is 20 to 63 (RFC 7983): what is no STUN, no TURN and no RTP.
      const dtls = ['-p', 'udp', '-m', 'u32', '--u32', '0>>22&0x3C@8>>24=20:63', '-j', 'DROP'];
      await network.rule('-A', 'FORWARD', ...dtls);
      const clicked = performance.now();
      await visitor.press('button');
      await visitor.ended();
      const noticedMs = since(clicked);
      await network.heal();
      return { over: () => performance.now(), met: { noticedMs } };
    }),
  );
});
