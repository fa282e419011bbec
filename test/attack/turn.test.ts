import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { HOST, MEDIA_HOST } from '../../demo/stack/ports.js';
import { createTurnCredentials } from '../../src/server/index.js';
import { TurnClient, type TurnServer } from '../stack/turn-client.js';
import { attacks } from './support/attack.js';
import type { Thief } from './support/thief.js';

/** As RFC 8656 section 15 and RFC 8489 section 14.8 count them. */
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const QUOTA_REACHED = 486;

/** What a thief would like to reach from within: the owner’s network, a cloud’s metadata, everybody, the gateway itself. */
const ELSEWHERE = [
  '10.0.0.1',
  '192.168.1.1',
  '172.16.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '198.51.100.1',
  '8.8.8.8',
  '224.0.0.1',
]
  .concat('0.0.0.0', '255.255.255.255')
  // The web server, Kamailio and the phones, where rtpengine has an address of its own.
  .concat(MEDIA_HOST === HOST ? [] : [HOST, '127.0.0.2'])
  // The machine of the test may have one of these itself.
  .filter((host) => host !== MEDIA_HOST);

async function granted({ target }: Thief): Promise<TurnServer> {
  assert.ok(target.turn);
  return await target.turn.granted();
}

/** Tries to get a relay. */
async function allocates(server: TurnServer): Promise<number> {
  const client = await TurnClient.open(server);
  const answer = await client.allocate();
  if (answer === 0) await client.release();
  client.close();
  return answer;
}

attacks(
  'TURN',
  (attack) => {
    const http = { on: ['kamailio'], as: 'turn' } as const;

    attack(
      'TURN used to reach another host',
      async (thief) => {
        const client = await TurnClient.open(await granted(thief));
        assert.equal(await client.allocate(), 0);
        for (const host of ELSEWHERE) assert.equal(await client.permit(host), FORBIDDEN, host);
        assert.equal(await client.permit(MEDIA_HOST), 0, 'where sound goes, it relays');
        await client.release();
        client.close();
        return `403 for ${ELSEWHERE.length} hosts`;
      },
      http,
    );

    attack(
      'TURN used to reach another host by a channel',
      async (thief) => {
        const client = await TurnClient.open(await granted(thief));
        assert.equal(await client.allocate(), 0);
        for (const host of ELSEWHERE) assert.equal(await client.bind(host, 9), FORBIDDEN, host);
        assert.equal(await client.bind(MEDIA_HOST, 9), 0, 'where sound goes, it relays');
        await client.release();
        client.close();
        return `403 for ${ELSEWHERE.length} hosts`;
      },
      http,
    );

    attack(
      'TURN told to send to another host, without asking before',
      async (thief) => {
        const heard: string[] = [];
        const listen = async (host: string): Promise<Socket> => {
          const socket = createSocket('udp4').on('message', (data) => heard.push(data.toString()));
          socket.bind(0, host);
          await once(socket, 'listening');
          return socket;
        };
        const rightful = await listen(MEDIA_HOST);
        const victims = await Promise.all([HOST, '127.0.0.2'].filter((host) => host !== MEDIA_HOST).map(listen));
        const client = await TurnClient.open(await granted(thief));
        const tell = (socket: Socket, text: string): void => {
          const { address, port } = socket.address();
          client.send(address, port, Buffer.from(text));
        };
        assert.equal(await client.allocate(), 0);
        // Where sound goes, too, nothing goes before the permission; and the permission is for that host alone.
        for (const socket of [rightful, ...victims]) tell(socket, 'too early');
        assert.equal(await client.permit(MEDIA_HOST), 0);
        for (const socket of victims) tell(socket, 'elsewhere');
        tell(rightful, 'sound');
        // What was sent before would have come before.
        while (!heard.includes('sound')) await once(rightful, 'message');
        await client.release();
        for (const socket of [client, rightful, ...victims]) socket.close();
        assert.deepEqual(heard, ['sound']);
        return 'nothing was relayed';
      },
      http,
    );

    attack(
      'TURN with a credential that is altered or made up',
      async (thief) => {
        const server = await granted(thief);
        const later = server.username.replace(/^\d+/, (time) => String(Number(time) + 3600));
        const first = server.credential.startsWith('A') ? 'B' : 'A';
        const wrong = [
          { ...server, credential: first + server.credential.slice(1) },
          { ...server, credential: '' },
          { ...server, username: later },
          { ...server, username: `${server.username}x` },
          { ...server, username: 'nobody', credential: 'nothing' },
        ];
        for (const one of wrong) assert.equal(await allocates(one), UNAUTHORIZED, one.username);
        return '401';
      },
      http,
    );

    attack(
      'TURN with a credential whose time is over',
      async (thief) => {
        const server = await granted(thief);
        const made = (now: number) =>
          createTurnCredentials({ secret: thief.target.turn!.secret, urls: 'turn:x', now: () => now })({
            sid: 'anybody',
          });
        const [[old], [fresh]] = await Promise.all([made(Date.now() - 3_600_000), made(Date.now())]);
        assert.equal(
          await allocates({ ...server, username: old!.username!, credential: old!.credential! }),
          UNAUTHORIZED,
        );
        assert.equal(await allocates({ ...server, username: fresh!.username!, credential: fresh!.credential! }), 0);
        return '401';
      },
      http,
    );

    attack(
      'TURN taken by one session for all',
      async (thief) => {
        const server = await granted(thief);
        const clients = await Promise.all(Array.from({ length: 20 }, () => TurnClient.open(server)));
        let relays = 0;
        for (const client of clients) {
          const answer = await client.allocate();
          assert.ok(answer === 0 || answer === QUOTA_REACHED);
          if (answer === 0) relays += 1;
        }
        assert.ok(relays < 20, `${relays} relays`);
        assert.equal(await allocates(await granted(thief)), 0, 'another session has its own');
        for (const client of clients) {
          await client.release();
          client.close();
        }
        return `486 after ${relays} relays`;
      },
      http,
    );
  },
  { turn: true },
);
