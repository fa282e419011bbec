import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SipMessage } from '../../demo/stack/sip-message.js';
import type { BrowserName } from '../support/browsers.js';
import { eventually, type Visitor } from '../support/visitor.js';
import type { Direction, FarCall } from './support/far-call.js';
import { ends, fails, goesOn, shareFarScene, talk } from './support/far-scene.js';
import { faults } from './support/fault.js';
import { notices, reads, since, whole } from './support/outcomes.js';
import type { Met } from './support/told.js';
import type { Voice } from './support/voice.js';

const play = await shareFarScene();

/** In a call that has begun: what the far side does. */
type Act = (call: FarCall, visitor: Visitor, voice: Voice) => Promise<Partial<Met> | void>;

/** A call goes on after whatever the far side does in it. */
const survives = (name: BrowserName, act: Act): Promise<Met> =>
  play(name, async (at) => {
    const { visitor, call, voice } = await talk(at);
    return await goesOn(at, visitor, call, voice, (await act(call, visitor, voice)) ?? {});
  });

/**
 * The same after a new connection, over which the product sends a re-INVITE.
 * @param prepare how the far end meets it; what is given back then waits until it has
 */
const recovers = (name: BrowserName, prepare: (call: FarCall) => () => Promise<unknown>): Promise<Met> =>
  play(name, async (at) => {
    const { visitor, call, voice } = await talk(at);
    const act = prepare(call);
    at.scene.gate.cut();
    const cut = performance.now();
    const sees = await notices(visitor);
    await act();
    const recoverMs = await whole(visitor, cut);
    return await goesOn(at, visitor, call, voice, { sees, recoverMs });
  });

const isHeld = ({ page }: Visitor): Promise<boolean> =>
  page.$eval('sautikit-call-button', (element) => element.matches(':state(held)'));

/** Holds the call for a while and takes it up again; the gap is that of the hold. */
function holds(hold: (call: FarCall) => Promise<SipMessage>): Act {
  return async (call, visitor, voice) => {
    call.voice.hush();
    assert.equal((await hold(call)).status, 200);
    await eventually('the caller is told', () => isHeld(visitor));
    const sees = await reads(visitor);
    assert.match(sees, /^On hold/);
    await sleep(1000);
    assert.equal((await call.renew()).status, 200);
    call.voice.speak();
    const resumed = performance.now();
    await eventually('both ends hear each other again', () => Promise.resolve(voice.back));
    const recoverMs = since(resumed);
    assert.ok(!(await isHeld(visitor)));
    return { recoverMs, sees };
  };
}

const renewed =
  (direction: Direction, method: 'INVITE' | 'UPDATE' = 'INVITE') =>
  (call: FarCall): Promise<SipMessage> =>
    call.renew(direction, method);

const accepted = async (answer: Promise<SipMessage>): Promise<void> => assert.equal((await answer).status, 200);

faults('the far side changes the call', (fault) => {
  fault('it holds and resumes', (name) => survives(name, holds(renewed('sendonly'))));
  fault('it holds so that nobody is heard (inactive), and resumes', (name) =>
    survives(name, holds(renewed('inactive'))),
  );
  fault('it holds as phones of RFC 2543 do (0.0.0.0), and resumes', (name) =>
    survives(
      name,
      holds(async (call) => {
        const answer = await call.request('INVITE', { body: call.describe('sendrecv', '0.0.0.0') });
        call.acknowledge(answer);
        return answer;
      }),
    ),
  );
  fault('it holds by UPDATE, and resumes', (name) => survives(name, holds(renewed('sendonly', 'UPDATE'))));

  fault('it moves its sound to another port', (name) =>
    survives(name, async (call) => {
      await call.voice.move();
      await accepted(call.renew());
    }),
  );

  fault('it asks for an offer of ours', (name) =>
    survives(name, async (call) => {
      const offer = await call.request('INVITE');
      assert.equal(offer.status, 200);
      assert.match(offer.body, /^m=audio \d+ RTP\/AVP /m);
      call.acknowledge(offer, call.describe());
    }),
  );

  fault('it offers what nobody can use', (name) =>
    survives(name, async (call) => {
      const body = call
        .describe()
        .replace('RTP/AVP 8 101', 'RTP/AVP 99')
        .replace(/^a=(rtpmap|fmtp).*\r\n/gm, '');
      const answer = await call.request('INVITE', { body: `${body}a=rtpmap:99 nonsense/8000\r\n` });
      assert.ok(answer.status! >= 400, answer.text);
    }),
  );
});

faults('the far side has a session timer (RFC 4028)', (fault) => {
  const headers = ['Supported: timer', 'Session-Expires: 90;refresher=uac', 'Min-SE: 90'];

  fault('it refreshes by a re-INVITE, twice', (name) =>
    survives(name, async (call) => {
      const body = call.describe();
      for (let time = 0; time < 2; time += 1) {
        const answer = await call.request('INVITE', { headers, body });
        assert.equal(answer.status, 200);
        call.acknowledge(answer);
      }
    }),
  );

  fault('it refreshes by UPDATE without an offer, twice', (name) =>
    survives(name, async (call) => {
      for (let time = 0; time < 2; time += 1) await accepted(call.request('UPDATE', { headers }));
    }),
  );

  fault('it wants our re-INVITE to last longer (422), and then takes it', (name) =>
    recovers(name, (call) => {
      call.meets.INVITE = (reinvite) => {
        delete call.meets.INVITE;
        call.reply(reinvite, 422, { headers: ['Min-SE: 1800'] });
      };
      return () => call.gets('INVITE', 3);
    }),
  );

  fault('nobody refreshes, and it ends the call', (name) =>
    play(name, async (at) => {
      const { visitor, call, voice } = await talk(at);
      await voice.stop();
      const headers = ['Reason: SIP;cause=408;text="Session expired"'];
      assert.equal((await call.hangUp({ headers })).status, 200);
      return await ends(at, visitor, 'completed');
    }),
  );
});

faults('the far side and our re-INVITE', (fault) => {
  fault('its re-INVITE crosses ours (491 both ways)', (name) =>
    recovers(name, (call) => {
      let theirs: Promise<SipMessage> | undefined;
      call.meets.INVITE = (reinvite) => {
        delete call.meets.INVITE;
        theirs = call.renew();
        void theirs.then(() => call.reply(reinvite, 491));
      };
      return async () => {
        const answer = await eventually('its own is answered', () => Promise.resolve(theirs));
        assert.equal(answer.status, 491);
        // Whoever did not make the Call-ID tries again within 2 s (RFC 3261 section 14.1).
        await sleep(500);
        await accepted(call.renew());
        await call.gets('INVITE', 3);
      };
    }),
  );

  fault('it refuses ours three times, and then takes it', (name) =>
    recovers(name, (call) => {
      const refusals = [500, 408, 503];
      call.meets.INVITE = (reinvite) => {
        const status = refusals.shift();
        if (status === undefined) call.accept(reinvite);
        else call.reply(reinvite, status);
      };
      return () => call.gets('INVITE', 5);
    }),
  );

  fault('it hangs up instead of answering ours', (name) =>
    play(name, async (at) => {
      const { visitor, call, voice } = await talk(at);
      await voice.stop();
      let bye: Promise<SipMessage> | undefined;
      call.meets.INVITE = (reinvite) => {
        bye = call.hangUp();
        void bye.then(() => call.reply(reinvite, 481));
      };
      at.scene.gate.cut();
      await accepted(eventually('its BYE is answered', () => Promise.resolve(bye)));
      return await ends(at, visitor, 'completed');
    }),
  );

  fault('it knows nothing of the call any more (481)', (name) =>
    play(name, async (at) => {
      const { visitor, call, voice } = await talk(at);
      await voice.stop();
      call.meets.INVITE = (reinvite) => {
        call.reply(reinvite, 481);
        call.forget();
      };
      at.scene.gate.cut();
      return await fails(at, visitor, 'connection-lost', performance.now());
    }),
  );
});
