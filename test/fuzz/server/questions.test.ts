import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createHookHandler, createMemoryGrantStore, toNodeListener, type Grant } from '../../../src/server/index.js';
import { sha256Hex } from '../../../src/server/secrets.js';
import { lines, secret, shop } from '../../server/support/world.js';
import { CANARY } from '../support/hostile.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-node.js';
import { ACTIONS, numbered, onTheWire, questions, wires, type QuestionLie } from './questions.js';

/** What a hook may answer: a status of its own, and never one that says that it has broken. */
const STATUSES = [200, 204, 400, 401, 403, 404, 405, 413];
const SUB = 'sip:a@example.test';

/** A hook of ours that knows of a call's grant, and what went wrong in it. */
function someHook() {
  const grants = createMemoryGrantStore();
  const faults: unknown[] = [];
  const hook = createHookHandler({
    lines,
    grants,
    secret,
    numbers: { '+254200000001': { ring: ['desk'] } },
    domain: 'example.test',
    onError: (error) => faults.push(error),
  });
  const remember = async (number: number): Promise<void> => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const grant: Grant = {
      line: 'sales',
      origin: shop,
      sid: `session-${number}`,
      scope: ['call', 'receive'],
      sub: SUB,
      exp,
    };
    await grants.put(await sha256Hex(`token${number}`), grant);
  };
  return { hook, faults, remember };
}

/** The body on its way. */
function bodyOf({ comes, body }: QuestionLie): BodyInit {
  if (comes === 'text') return body;
  const bytes = Buffer.from(body, comes === 'bytes' ? 'latin1' : 'utf8');
  if (comes === 'bytes') return bytes;
  const pieces = [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece && (comes === 'pieces' || pieces.length > 0)) return controller.enqueue(new Uint8Array(piece));
      if (comes === 'half') controller.error(new Error('The client went away'));
      else controller.close();
    },
  });
}

function check(action: string, status: number, said: string, hidden: readonly string[]): void {
  assert.ok(STATUSES.includes(status), `${status} ${said}`);
  for (const one of [secret, CANARY, ...hidden]) assert.ok(!said.includes(one), said);
  if (status === 204) assert.equal(said, '');
  const answer = status === 204 ? {} : (JSON.parse(said) as Record<string, unknown>);
  if (status >= 400) assert.deepEqual(Object.keys(answer), ['error']);
  if (status !== 200) return;
  // Whoever is let through is called by the line, whatever was asked for.
  if (action === 'call') assert.equal(answer['callee'], 'sip:desk@example.test');
  if (action === 'connect') assert.equal(answer['aor'], SUB);
  if (action === 'incoming') assert.deepEqual(answer['targets'], ['sip:desk@example.test']);
}

describe('questions to a hook that lie', { timeout: patience }, () => {
  it('are answered with a status and a code, and never by a fault of the server', async () => {
    const { hook, faults, remember } = someHook();
    let inputs = 0;
    const statuses: Record<string, number> = {};
    const ask = async (lie: QuestionLie, number: number) => {
      await remember(number);
      const { action, method, authorization, headers } = lie;
      const init = { method, headers: { ...headers, Authorization: authorization }, body: bodyOf(lie), duplex: 'half' };
      const response = await hook(new Request(`http://hook.test/sip/${action}`, init));
      const said = await response.text();
      const counted = `${ACTIONS.includes(action) ? action : 'another'} ${response.status}`;
      statuses[counted] = (statuses[counted] ?? 0) + 1;
      check(action, response.status, said, [`token${number}`]);
      assert.deepEqual(faults, []);
      return response.status;
    };
    await fc.assert(
      fc.asyncProperty(questions, async (lie) => {
        const number = inputs++;
        const body = numbered(lie.body, number);
        await ask({ ...lie, body }, number);
        assert.deepEqual(Object.keys(Object.prototype), []);
        if (number % 100 > 0) return;
        const honest = {
          event_id: `honest${number}`,
          token: `token${number}`,
          call_id: `honest${number}`,
          from_tag: 'tag',
        };
        const truth = {
          action: 'call',
          method: 'POST',
          authorization: `Bearer ${secret}`,
          headers: {},
          comes: 'text' as const,
        };
        // What was told before may have spent the grant of this number; a new one is as good as ever.
        const fresh = inputs++;
        assert.equal(await ask({ ...truth, body: JSON.stringify({ ...honest, token: `token${fresh}` }) }, fresh), 200);
      }),
      parameters(2200),
    );
    for (const usual of ['call 200', 'connect 200', 'ended 204', 'incoming 200', 'grant 204', 'call 400'])
      assert.ok(statuses[usual], `${usual}: ${JSON.stringify(statuses)}`);
    await tell('hook questions', inputs, { statuses });
  });

  it('are answered, or cut off, where HTTP itself is broken, and so is the next one', async () => {
    const { hook, faults, remember } = someHook();
    const server = createServer(toNodeListener(hook)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    /** Everything that comes back, until it is over. */
    const say = async (bytes: Buffer): Promise<string> => {
      const socket = connect(port, '127.0.0.1');
      let heard = '';
      socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
      // A server that has refused may reset what still comes.
      socket.on('error', () => undefined).end(bytes);
      await once(socket, 'close');
      return heard;
    };
    let inputs = 0;
    const statuses: Record<string, number> = {};
    try {
      await fc.assert(
        fc.asyncProperty(questions, wires, async (lie, wire) => {
          const number = inputs++;
          await remember(number);
          const heard = await say(onTheWire({ ...lie, body: numbered(lie.body, number) }, wire));
          for (const [, status] of heard.matchAll(/^HTTP\/1\.1 (\d+)/gm)) {
            statuses[status!] = (statuses[status!] ?? 0) + 1;
            assert.ok([...STATUSES, 100, 408, 411, 417, 431].includes(Number(status)), heard);
          }
          for (const one of [secret, CANARY, `token${number}`]) assert.ok(!heard.includes(one), heard);
          assert.deepEqual(faults, []);
        }),
        parameters(60),
      );
      const truth = {
        action: 'connect',
        method: 'POST',
        authorization: `Bearer ${secret}`,
        headers: {},
        comes: 'text',
      };
      const body = JSON.stringify({ event_id: 'honest', token: 'token0' });
      assert.match(await say(onTheWire({ ...truth, body } as QuestionLie, 'whole')), /^HTTP\/1\.1 200 /);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    assert.ok(statuses['400'], JSON.stringify(statuses));
    await tell('hook questions over HTTP', inputs, { statuses });
  });
});
