import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { headersOf, parseSip } from '../../demo/stack/sip-message.js';
import type { SipClient } from '../stack/sip-client.js';
import { attacks } from './support/attack.js';
import { CALLEE_MARK } from './support/far-end.js';
import { DOMAIN } from './support/targets.js';
import type { Sent, Thief } from './support/thief.js';

/** Whoever answers the owner's calls: a colleague of the far side's, who is registered with a browser. */
const DESK = 'reception';
const desk = `<sip:${DESK}@${DOMAIN}>`;

async function register(thief: Thief, client: SipClient, user: string, options: RegisterOptions = {}): Promise<Sent> {
  const address = `<sip:${user}@${DOMAIN}>`;
  const token = options.token ?? (await thief.token('rings', { endpoint: 'desk', subject: user }));
  return thief.request('REGISTER', { from: address, to: address, ...options, token, client });
}

interface RegisterOptions {
  token?: string;
  from?: string;
  to?: string;
  contact?: string;
  headers?: string[];
}

/** Somebody who is rung says that he is busy, so that the call is over when all of them were rung. */
function declining(client: SipClient): SipClient {
  client.socket.on('message', (data: Buffer) => {
    const message = parseSip(data.toString());
    if (message.method === 'INVITE') client.respond(message, 486, 'Busy Here', { toTag: 'busy' });
  });
  return client;
}

/** A visitor calls the reception: who is registered there rings. */
async function callReception(thief: Thief): Promise<void> {
  const sent = thief.invite({ token: await thief.token('reception'), client: await thief.connect() });
  assert.ok([480, 486].includes((await thief.final(sent)).status ?? 0));
}

const rings = ({ messages }: SipClient): number =>
  new Set(messages.filter(({ method }) => method === 'INVITE').map(({ text }) => /branch=([^;\s]+)/.exec(text)?.[1]))
    .size;

/** REGISTERs of a grant that may only call, for the address of the reception. */
const FORGED: Record<string, RegisterOptions> = {
  'REGISTER for somebody else’s address': { from: desk, to: desk },
  'REGISTER for somebody else’s address, From its own': { to: desk },
  'REGISTER for somebody else’s address by a display name': { from: `"${desk}" ${desk}`, to: `"x" ${desk};user=phone` },
  'REGISTER for somebody else’s address with escapes': { to: `<sip:%72eception@${DOMAIN}>` },
  'REGISTER for somebody else’s address with a port': { to: `<sip:${DESK}@${DOMAIN}:5061;transport=ws>` },
  'REGISTER with a second To': { headers: [`To: ${desk}`, `t: ${desk}`] },
  'REGISTER that unregisters somebody else': { from: desk, to: desk, headers: ['Expires: 0'] },
  'REGISTER with Contact: * for somebody else': { from: desk, to: desk, contact: '*', headers: ['Expires: 0'] },
};

attacks(
  'registrations',
  (attack) => {
    for (const [name, options] of Object.entries(FORGED)) {
      attack(name, async (thief) => {
        const reception = declining(await thief.connect());
        assert.equal((await thief.final(await register(thief, reception, DESK), 'REGISTER')).status, 200);
        declining(thief.client);
        const sent = await register(thief, thief.client, 'thief', { ...options, token: await thief.token() });
        const met = await thief.held(sent, 'REGISTER').catch(() => '200 OK, and nothing bound');
        await callReception(thief);
        assert.equal(rings(thief.client), 0, 'the thief rang');
        assert.equal(rings(reception), 1, 'the reception was not called');
        return met;
      });
    }

    attack('a registration of a grant that may only call', async (thief) => {
      const token = await thief.token('rings', { subject: 'visitor-1' });
      const sent = await register(thief, thief.client, 'visitor-1', { token });
      const met = await thief.held(sent, 'REGISTER').catch(() => '200 OK, and nothing bound');
      await callReception(thief);
      assert.equal(rings(thief.client), 0);
      return met;
    });

    attack('a hook that allows another address than the one that is registered', async (thief) => {
      declining(thief.client);
      const token = await thief.token();
      const registration = { aor: `sip:${DESK}@${DOMAIN}`, sid: 'session', bind: true, expires: 300 };
      thief.target.backend.instead = async () => Response.json(registration);
      const sent = await register(thief, thief.client, 'somebody', { token });
      const met = await thief.held(sent, 'REGISTER');
      thief.target.backend.instead = undefined;
      await callReception(thief);
      assert.equal(rings(thief.client), 0, 'the thief rang');
      return met;
    });

    attack('many contacts for one address', async (thief) => {
      declining(thief.client);
      for (let count = 0; count < 60; count += 1) {
        const contact = `<sip:c${count}@${randomBytes(4).toString('hex')}.invalid;transport=ws>;reg-id=${count + 1};+sip.instance="<urn:uuid:${count}>"`;
        await thief.final(await register(thief, thief.client, DESK, { contact }), 'REGISTER');
      }
      await callReception(thief);
      const rang = rings(thief.client);
      assert.ok(rang <= 16, `${rang} phones rang`);
      return `at most ${rang} rang`;
    });

    attack('many contacts in one REGISTER', async (thief) => {
      declining(thief.client);
      const contact = Array.from({ length: 30 }, (_, count) => `<sip:c${count}@x${count}.invalid;transport=ws>`).join(
        ', ',
      );
      const sent = await register(thief, thief.client, DESK, { contact });
      const answer = await thief.final(sent, 'REGISTER');
      await callReception(thief);
      const rang = rings(thief.client);
      assert.ok(rang <= 5, `${rang} phones rang`);
      return `${answer.start.replace('SIP/2.0 ', '')}, at most ${rang} rang`;
    });

    attack('a contact at another host, so that the gateway sends calls there', async (thief) => {
      declining(thief.client);
      const contact = `<${thief.target.callee('rings')}>`;
      const sent = await register(thief, thief.client, DESK, { contact });
      const answer = await thief.final(sent, 'REGISTER');
      await callReception(thief);
      const strayed = thief.arrived.filter(({ uri }) => uri?.startsWith(`sip:${CALLEE_MARK}-rings@`));
      assert.equal(strayed.length, 0, strayed[0]?.text);
      return `${answer.start.replace('SIP/2.0 ', '')}; calls came over its own connection only`;
    });

    attack('registrations as a list of who is there', async (thief) => {
      const reception = await thief.connect();
      await thief.final(await register(thief, reception, DESK), 'REGISTER');
      const other = { from: desk, to: desk, contact: '', token: await thief.token() };
      const sent = await register(thief, thief.client, DESK, other);
      const answer = await thief.final(sent, 'REGISTER');
      assert.deepEqual(
        headersOf(answer, 'contact').filter((value) => value.includes(reception.host)),
        [],
      );
      return answer.start.replace('SIP/2.0 ', '');
    });
  },
  { lines: { reception: { callee: `sip:${DESK}@${DOMAIN}` } } },
);
