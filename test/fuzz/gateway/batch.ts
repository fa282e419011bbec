import assert from 'node:assert/strict';
import { headerOf } from '../../../demo/stack/sip-message.js';
import { phoneAnswer } from '../../stack/far-phone.js';
import type { SipClient } from '../../stack/sip-client.js';
import { call, callIn, declining, register, type Asking } from './calls.js';
import { checkRinging } from './checks.js';
import { registered, workersOf } from './kamailio.js';
import type { Lie } from './lies.js';
import { honest, type Question, type Step } from './lying-hook.js';
import { word, type Scene } from './scene.js';
import { mayBeWhole, WIRES } from './wires.js';

const at = (user: string): string => `sip:${user}@gateway.invalid`;

/** Lies that are told at the same time, about calls and registrations that are made at the same time. */
export class Batch {
  readonly #scene: Scene;
  readonly #desk = `desk-${word()}`;
  /** By Call-ID: the lie that its question gets. */
  readonly #told = new Map<string, { lie: Lie; asking: Asking }>();
  /** What was wrong in what came, where nobody waits for it. */
  readonly #wrong: unknown[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** @param ended told of each lie and of the final status that whoever asked got */
  async tell(lies: readonly Lie[], ended: (lie: Lie, status: number) => void): Promise<void> {
    const scene = this.#scene;
    const { pid } = scene.stack.gateways[0]!;
    const workers = workersOf(pid);
    const client = await scene.connect();
    scene.hook.answer = (question) => this.#answer(question);
    scene.phone.received.length = 0;
    scene.phone.onInvite = (invite) => {
      const lie = this.#told.get(headerOf(invite, 'call-id'))?.lie;
      if (lie && (!lie.taken || lie.about === 'incoming')) scene.phone.answer(invite, 486);
      else scene.phone.answer(invite, 200, { body: phoneAnswer() });
    };
    declining(client, (invite) => {
      try {
        checkRinging(invite);
      } catch (error) {
        this.#wrong.push(error);
      }
    });
    try {
      const desk = { callId: word(), token: 'desk', body: '', allowed: true };
      assert.equal(await register(client, desk, at(this.#desk)), 200);
      const all = lies.map(async (lie) => ended(lie, await this.#provoke(lie, client)));
      // Not before all are over, or what is still asked would be answered as if it belonged to the next batch.
      for (const one of await Promise.allSettled(all)) if (one.status === 'rejected') throw one.reason;
      await this.#callHonestly(client);
      await this.#check(client);
      assert.deepEqual(workersOf(pid), workers);
    } finally {
      client.close();
    }
    await scene.alive();
  }

  /** Has the gateway ask the question that the lie is for. */
  async #provoke(lie: Lie, client: SipClient): Promise<number> {
    const asking: Asking = { callId: word(), token: `token-${word()}`, body: '', allowed: false };
    this.#told.set(asking.callId, { lie, asking });
    if (lie.about === 'call') return call(this.#scene, client, asking);
    return lie.about === 'incoming'
      ? callIn(this.#scene, asking)
      : register(client, asking, at(`visitor-${asking.callId}`));
  }

  /** Whatever was said before: a call is a call. */
  async #callHonestly(client: SipClient): Promise<void> {
    const body = this.#scene.phone.address('agent');
    assert.equal(
      await call(this.#scene, client, { callId: word(), token: `token-${word()}`, body, allowed: true }),
      200,
    );
  }

  async #check(client: SipClient): Promise<void> {
    const { stack, phone, trapped } = this.#scene;
    const tokens = [...this.#told.values()].map(({ asking }) => asking.token);
    const said = [...client.frames, ...phone.received.map(({ text }) => text)].join('\n');
    for (const secret of [stack.hookSecret, ...tokens, 'smuggled']) assert.ok(!said.includes(secret), secret);
    const strangers = (await registered(stack)).filter((user) => !/^(desk|visitor)-[0-9a-f]{16}$/.test(user));
    assert.deepEqual(strangers, []);
    assert.deepEqual(trapped, []);
    if (this.#wrong.length > 0) throw this.#wrong[0];
  }

  /** What the hook says: a lie to the question that it is for, and to all others the truth. */
  #answer({ action, body, secret }: Question): readonly Step[] {
    const { phone, stack, trap } = this.#scene;
    assert.equal(secret, stack.hookSecret);
    const { lie, asking } = this.#told.get(String(body['call_id'])) ?? {};
    // Reports are answered in every way, too: nothing may come of it.
    if (!lie || !asking || !['ended', 'answered', lie.about].includes(action)) {
      if (action === 'connect') return honest(200, { aor: body['aor'], sid: 'session', bind: true, expires: 300 });
      if (action === 'call') return honest(200, { callee: phone.address('agent'), sid: 'session', expires: 300 });
      return honest(action === 'incoming' ? 404 : 204);
    }
    const text = this.#filled(lie.body, asking);
    if (action === lie.about) {
      asking.body = text;
      asking.allowed = mayBeWhole(lie.wire) && lie.status.includes('200');
    }
    return WIRES[lie.wire]!({
      status: this.#filled(lie.status, asking),
      body: Buffer.from(text, lie.bytes),
      elsewhere: `http://${trap}/hook/${action}`,
      smuggled: JSON.stringify({ callee: phone.address('smuggled'), targets: [at(this.#desk)], aor: at('smuggled') }),
    });
  }

  #filled(text: string, { callId, token }: Asking): string {
    const { phone, stack, trap, trunkPort } = this.#scene;
    const values: Record<string, string> = {
      phone: phone.address('').replace('sip:@', ''),
      trap,
      trunk: `127.0.0.1:${trunkPort}`,
      id: `agent-${callId}`,
      aor: at(`visitor-${callId}`),
      desk: this.#desk,
      token,
      secret: stack.hookSecret,
    };
    return text.replace(/\{([a-z]+)\}/g, (mark, name: string) => values[name] ?? mark);
  }
}
