import { expect } from '@open-wc/testing';
import { reached, useBench } from './support/bench.js';
import { directed, inNoCodecOfOurs, withoutTelephoneEvent } from './support/far-end.js';
import type { Received } from './support/gateway.js';
import { settled, until } from './support/waiting.js';

describe('Digits', () => {
  const bench = useBench();

  it('travel in the media where the far end takes them there (RFC 4733)', async () => {
    const { call } = await bench().talk();
    const { dtmf } = call.connection!.getSenders()[0]!;
    const played: string[] = [];
    dtmf!.addEventListener('tonechange', ({ tone }) => played.push(tone));
    expect(call.sendDTMF('1*')).to.equal(true);
    expect(call.sendDTMF('a#')).to.equal(true);
    await until(() => played.filter(Boolean).length === 4);
    expect(played.filter(Boolean).join('')).to.equal('1*A#');
    expect(bench().gateway.all('INFO')).to.be.empty;
  });

  it('travel as SIP INFO where it does not', async () => {
    const { gateway } = bench();
    const { call, invite } = await bench().talk(undefined, withoutTelephoneEvent);
    expect(call.sendDTMF('1*d#')).to.equal(true);
    const info = await gateway.next('INFO', 4);
    await until(() => info.final === 200);
    expect(gateway.all('INFO').map(({ message }) => message.body)).to.deep.equal(
      ['1', '*', 'D', '#'].map((tone) => `Signal=${tone}\r\nDuration=100`),
    );
    expect(info.header('content-type')).to.equal('application/dtmf-relay');
    expect(info.message.to_tag).to.equal(invite.tag);
    expect(info.message.call_id).to.equal(invite.message.call_id);
  });

  it('end no call where their INFO is refused or left unanswered', async () => {
    const { gateway } = bench();
    const { call } = await bench().talk(undefined, withoutTelephoneEvent);
    const statuses = [415, 500, 408];
    gateway.on('INFO', (_, reply) => {
      const status = statuses[gateway.all('INFO').length - 1];
      if (status) reply(status);
    });
    for (const nth of [1, 2, 3, 4]) {
      call.sendDTMF('1');
      await gateway.next('INFO', nth);
      await settled();
    }
    expect(call.state).to.equal('active');
  });

  it('are refused outside a call, and where they are none', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(180));
    const ringing = bench().client().dial();
    await reached(ringing, 'ringing');
    expect(ringing.sendDTMF('1')).to.equal(false);
    const { call } = await bench().talk();
    for (const tones of ['', 'x', '1 2', '1\r\nX: y', 'E', '１']) expect(call.sendDTMF(tones), tones).to.equal(false);
    await call.hangup();
    expect(call.sendDTMF('1')).to.equal(false);
    expect(bench().gateway.all('INFO')).to.be.empty;
  });
});

describe('Mute', () => {
  const bench = useBench();
  const enabled = () => bench().tracks.map((track) => track.enabled);

  it('silences the track, tells so once, and takes it back', async () => {
    const { call } = await bench().talk();
    const told: boolean[] = [];
    call.on('mute', (muted) => told.push(muted));
    call.mute();
    call.mute();
    expect(enabled()).to.deep.equal([false]);
    expect(call.muted).to.equal(true);
    call.unmute();
    expect(enabled()).to.deep.equal([true]);
    expect(told).to.deep.equal([true, false]);
  });

  it('under the permission prompt holds for the microphone that comes', async () => {
    let grant = () => {};
    bench().prompt = new Promise((resolve) => (grant = resolve));
    const client = bench().client();
    const talking = bench().talk(client);
    await until(() => client.calls[0]);
    client.calls[0]!.mute();
    grant();
    const { call } = await talking;
    expect(call.muted).to.equal(true);
    expect(enabled()).to.deep.equal([false]);
  });

  it('stays through a re-INVITE of the far side, a hold and its end', async () => {
    const { call, dialog, farEnd } = await bench().talk();
    call.mute();
    for (const direction of ['sendonly', 'sendrecv'] as const) {
      const answer = await dialog.ask('INVITE', { body: await farEnd.offer(direction) });
      await farEnd.accept(answer.body);
      await settled();
      expect(enabled()).to.deep.equal([false]);
      expect(call.muted).to.equal(true);
    }
  });

  it('stays through a new connection and our re-INVITE', async () => {
    const { call } = await bench().talk();
    const told: boolean[] = [];
    call.on('reconnecting', (reconnecting) => told.push(reconnecting));
    call.mute();
    bench().gateway.connection.close();
    await until(() => told.length === 2);
    expect(enabled()).to.deep.equal([false]);
  });
});

describe('The far side', () => {
  const bench = useBench();

  it('holds the call and takes it up again, and both are told', async () => {
    const { call, dialog, farEnd } = await bench().talk();
    const told: boolean[] = [];
    call.on('hold', (held) => told.push(held));
    const held = await dialog.ask('INVITE', { body: await farEnd.offer('sendonly') });
    expect(held.status_code).to.equal(200);
    expect(held.body).to.contain('a=recvonly');
    await farEnd.accept(held.body);
    await until(() => told.length === 1);
    const resumed = await dialog.ask('INVITE', { body: await farEnd.offer('sendrecv') });
    expect(resumed.body).to.contain('a=sendrecv');
    await farEnd.accept(resumed.body);
    await until(() => told.length === 2);
    expect(told).to.deep.equal([true, false]);
    expect(call.state).to.equal('active');
    expect(call.connection?.connectionState).to.equal('connected');
  });

  it('holds it with `inactive` too', async () => {
    const { call, dialog, farEnd } = await bench().talk();
    const told: boolean[] = [];
    call.on('hold', (held) => told.push(held));
    const held = await dialog.ask('INVITE', { body: directed(await farEnd.offer(), 'inactive') });
    expect(held.body).to.contain('a=inactive');
    expect(told).to.deep.equal([true]);
  });

  it('asks for an offer of ours (a re-INVITE without a description) and gets one', async () => {
    const { call, dialog, farEnd } = await bench().talk();
    const { gateway } = bench();
    dialog.send('INVITE', { cseq: 400 });
    const answer = await gateway.answerTo(dialog.callId, 400, 'INVITE');
    expect(answer.status_code).to.equal(200);
    expect(answer.body).to.contain('m=audio');
    dialog.send('ACK', { cseq: 400, body: await farEnd.answer(answer.body) });
    await until(() => call.connection?.signalingState === 'stable');
    expect(call.state).to.equal('active');
  });

  it('that sends a re-INVITE which cannot be used is told 488, and the call goes on as it was', async () => {
    const { call, dialog } = await bench().talk();
    const answer = await dialog.ask('INVITE', { body: 'v=0\r\no=nonsense\r\nm=audio x\r\n' });
    expect(answer.status_code).to.equal(488);
    expect(call.state).to.equal('active');
    expect(call.connection?.signalingState).to.equal('stable');
    expect((await dialog.ask('BYE')).status_code).to.equal(200);
  });

  for (const method of ['INVITE', 'UPDATE'] as const) {
    it(`that offers no codec of ours by ${method} is told 488, and the sound goes on as it was`, async () => {
      const { call, dialog, farEnd } = await bench().talk();
      const answer = await dialog.ask(method, { body: inNoCodecOfOurs(await farEnd.offer()) });
      expect(answer.status_code).to.equal(488);
      await farEnd.connection.setLocalDescription({ type: 'rollback' });
      expect(call.connection?.signalingState).to.equal('stable');
      const again = await dialog.ask(method, { body: await farEnd.offer() });
      expect(again.status_code).to.equal(200);
      await farEnd.accept(again.body);
      expect(call.connection?.getTransceivers()[0]?.currentDirection).to.equal('sendrecv');
      expect(call.connection?.connectionState).to.equal('connected');
    });
  }

  it('that hangs up while our re-INVITE is under way ends the call', async () => {
    const { gateway } = bench();
    const { call, dialog } = await bench().talk();
    const pending: Received[] = [];
    gateway.on('re-INVITE', (reinvite) => void pending.push(reinvite));
    gateway.connection.close();
    await until(() => pending.length === 1);
    expect((await dialog.ask('BYE')).status_code).to.equal(200);
    expect(await call.finished).to.include({ outcome: 'completed' });
    await bench().expectReleased();
  });
});
