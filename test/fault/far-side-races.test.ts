import assert from 'node:assert/strict';
import { headerOf, type SipMessage } from '../../demo/stack/sip-message.js';
import { eventually } from '../support/visitor.js';
import type { FarCall } from './support/far-call.js';
import { dial, ends, goesOn, listen, rings, shareFarScene, talk } from './support/far-scene.js';
import { faults } from './support/fault.js';

const play = await shareFarScene();

const tagOf = (request: SipMessage): string => /;tag=(.+)$/.exec(headerOf(request, 'to'))?.[1] ?? '';

/** What the far end received with this To tag. */
const sentTo = (call: FarCall, tag: string): string[] =>
  call.received.filter(({ message }) => tagOf(message) === tag).map(({ what }) => what);

/** @returns when it came, of `performance.now()` */
async function gets(call: FarCall, what: string, tag: string): Promise<number> {
  const found = await eventually(`${tag} gets ${what}`, () =>
    Promise.resolve(call.received.find((one) => one.what === what && tagOf(one.message) === tag)),
  );
  return found.at;
}

faults('the far side, in the same moment', (fault) => {
  fault(
    'it answers while our CANCEL is on its way',
    (name) =>
      play(name, async (at) => {
        const { visitor, call } = await rings(at);
        let answered = 0;
        call.meets.CANCEL = (cancel) => {
          answered = performance.now();
          call.answer();
          call.reply(cancel, 200);
        };
        await visitor.press('hangup');
        // Until the BYE somebody pays for silence.
        const recoverMs = Math.round((await gets(call, 'BYE', call.tag)) - answered);
        const met = await ends(at, visitor, 'cancelled', { recoverMs });
        assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK', 'BYE']);
        return met;
      }),
    { quick: true },
  );

  fault('it is busy while our CANCEL is on its way', (name) =>
    play(name, async (at) => {
      const { visitor, call } = await rings(at);
      call.meets.CANCEL = (cancel) => {
        call.refuse(486);
        call.reply(cancel, 200);
      };
      await visitor.press('hangup');
      await call.gets('ACK');
      const met = await ends(at, visitor, 'cancelled');
      assert.deepEqual(call.sequence, ['INVITE', 'CANCEL', 'ACK']);
      return met;
    }),
  );

  fault('two of its phones take the call, of which the gateway ends the second', (name) =>
    play(name, async (at) => {
      const { visitor, call } = await rings(at);
      call.meets.BYE = (bye) => call.reply(bye, 200);
      call.answer();
      const answered = performance.now();
      call.reply(call.invite, 200, { toTag: 'other', body: call.describe() });
      const { at: ended, message: bye } = await call.gets('BYE');
      // Which of them the gateway reads first is nobody's business.
      const [first, second] = tagOf(bye) === 'other' ? [call.tag, 'other'] : ['other', call.tag];
      const voice = await listen(visitor, call);
      assert.deepEqual(sentTo(call, second), ['ACK', 'BYE']);
      assert.deepEqual(sentTo(call, first), ['ACK']);
      const met = await goesOn(at, visitor, call, voice, { recoverMs: Math.round(ended - answered) });
      await gets(call, 'BYE', first);
      return met;
    }),
  );

  fault('two answers reach the browser, which ends the second', (name) =>
    play(name, async (at) => {
      const proxy = await at.scene.sipProxy();
      let answered = 0;
      proxy.alter = ({ status, about, from, text, headers }) => {
        const { value = '' } = headers.find((header) => header.name === 'To') ?? {};
        if (from === 'browser') return value.endsWith('tag=other') ? undefined : text;
        if (about !== 'INVITE' || status !== 200 || answered) return text;
        answered = performance.now();
        return [text, text.replace(value, value.replace(/tag=.*/, 'tag=other'))];
      };
      const { visitor, call } = await dial(at);
      call.answer();
      const toOther = (method: string) =>
        proxy.sees(`${method} to the other`, (message) => message.method === method && tagOf(message) === 'other');
      await toOther('ACK');
      await toOther('BYE');
      const recoverMs = Math.round(performance.now() - answered);
      const voice = await listen(visitor, call);
      assert.deepEqual(call.sequence, ['INVITE', 'ACK']);
      return await goesOn(at, visitor, call, voice, { recoverMs });
    }),
  );

  fault('its BYE crosses ours', (name) =>
    play(name, async (at) => {
      const { visitor, call, voice } = await talk(at);
      await voice.stop();
      let theirs: Promise<SipMessage> | undefined;
      call.meets.BYE = (bye) => {
        theirs ??= call.hangUp();
        void theirs.then(() => call.reply(bye, 200));
      };
      await visitor.press('hangup');
      const { status, start } = await eventually('its BYE is answered', () => Promise.resolve(theirs));
      assert.ok(status === 200 || status === 481, start);
      return await ends(at, visitor, 'completed');
    }),
  );

  fault('it hangs up as it answers, before our ACK', (name) =>
    play(name, async (at) => {
      const { visitor, call } = await rings(at);
      call.answer();
      assert.equal((await call.hangUp()).status, 200);
      return await ends(at, visitor, 'completed');
    }),
  );

  fault('it hangs up as our ACK comes', (name) =>
    play(name, async (at) => {
      const { visitor, call } = await dial(at);
      call.answer();
      await call.gets('ACK');
      assert.equal((await call.hangUp()).status, 200);
      return await ends(at, visitor, 'completed');
    }),
  );
});
