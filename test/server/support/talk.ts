import { offer, type Asked, type SipPhone, type Wire } from './sip-phone.js';
import type { World } from './world.js';

/** A call that was answered: both phones, and what the first messages said. */
export interface Talk {
  caller: SipPhone;
  desk: SipPhone;
  sent: Required<Asked>;
  ok: Wire;
  arrived: Wire;
  token: string;
}

export async function talk(world: World, line = 'sales'): Promise<Talk> {
  const desk = await world.desk();
  const caller = await world.phone();
  const { token, user } = await world.grant({ line });
  await caller.register(user, token);
  const sent = caller.invite(token);
  const arrived = await desk.next('INVITE');
  desk.reply(arrived, 200, { headers: { 'Content-Type': 'application/sdp' }, body: offer });
  const ok = await caller.next(200);
  caller.send('ACK', inside({ sent, ok }, 1));
  await desk.next('ACK');
  return { caller, desk, sent, ok, arrived, token };
}

/** A further request of the caller in its dialog. */
export function inside({ sent, ok }: Pick<Talk, 'sent' | 'ok'>, cseq = 2): Asked {
  return { uri: ok.contactUri, from: sent.from, to: ok.get('To'), callId: sent.callId, cseq };
}

/** A further request of the desk in its dialog. */
export function insideDesk({ arrived }: Pick<Talk, 'arrived'>, cseq = 1): Asked {
  const to = arrived.get('From');
  const from = `${arrived.get('To')};tag=desk-tag`;
  return { uri: arrived.contactUri, from, to, callId: arrived.get('Call-ID'), cseq };
}
