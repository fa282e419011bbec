import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { endingsOf, reached, tokenNumber, useBench, type Talk } from './support/bench.js';
import type { Connection } from './support/fake-web-socket.js';
import type { Received } from './support/gateway.js';
import { pause, settled, until } from './support/waiting.js';

/** What the call tells of being brought back. */
function reconnectingOf({ call }: Talk): boolean[] {
  const told: boolean[] = [];
  call.on('reconnecting', (reconnecting) => told.push(reconnecting));
  return told;
}

/** No way for the sound is left; ICE itself would take half a minute to say so. */
function loseMedia({ call }: Talk): void {
  const { connection } = call;
  Object.defineProperty(connection!, 'connectionState', { value: 'failed' });
  connection!.dispatchEvent(new Event('connectionstatechange'));
}

/** As in Firefox after half a minute without a way: an ICE restart would say that all is well, and nothing would leave. */
function breakMedia(talk: Talk): void {
  const { connection } = talk.call;
  for (const sender of connection!.getSenders()) {
    Object.defineProperty(sender, 'transport', { value: { state: 'failed' } });
  }
  connection!.getSenders = (
    (senders) => () =>
      senders
  )(connection!.getSenders());
  loseMedia(talk);
}

const fingerprint = (sdp: string) => /^a=fingerprint:.*$/m.exec(sdp)![0];

describe('A call whose connection goes away', () => {
  const bench = useBench();

  it('registers again, then re-invites from the new connection, and never stops being active', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    const { failed, ended } = endingsOf(talk.call);
    gateway.connection.close();
    const reinvite = await gateway.next('re-INVITE');
    await until(() => told.length === 2);
    const { invite, call } = talk;
    const later = gateway.requests.filter(({ connection }) => connection === gateway.connections[1]);
    expect(later.map(({ method }) => method).slice(0, 3)).to.deep.equal(['REGISTER', 'INVITE', 'ACK']);
    expect(reinvite.message.call_id).to.equal(invite.message.call_id);
    expect(reinvite.message.to_tag).to.equal(invite.tag);
    expect(reinvite.message.cseq).to.be.greaterThan(invite.message.cseq);
    expect(told).to.deep.equal([true, false]);
    expect([failed, ended]).to.deep.equal([[], []]);
    expect(call.state).to.equal('active');
    expect(call.connection?.connectionState).to.equal('connected');
    expect(reinvite.message.body).to.contain('m=audio').and.to.contain('a=candidate:');
  });

  it('hangs up on the new connection as on the old one', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    gateway.connection.close();
    await until(() => told.length === 2);
    await talk.call.hangup();
    const bye = await gateway.next('BYE');
    expect(bye.connection).to.equal(gateway.connections[1]);
    expect(bye.message.cseq).to.be.greaterThan((await gateway.next('re-INVITE')).message.cseq);
    await bench().expectReleased();
  });

  it('survives it again and again', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    for (const times of [1, 2, 3]) {
      gateway.connection.close();
      await until(() => told.length === 2 * times);
    }
    expect(talk.call.state).to.equal('active');
    const cseqs = gateway.all('re-INVITE').map(({ message }) => message.cseq);
    expect(cseqs).to.have.length(3);
    expect(cseqs).to.deep.equal([...new Set(cseqs)].sort((a, b) => a - b));
  });

  it('goes on where the registration is refused afterwards', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    gateway.on('REGISTER', (_, reply) => reply(503));
    gateway.connection.close();
    await until(() => told.length === 2);
    expect(talk.call.state).to.equal('active');
  });

  it('registers once more where it was refused only for now, when the gateway says', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
    try {
      gateway.on('REGISTER', (_, reply) => reply(503, { headers: ['Retry-After: 7'] }));
      gateway.connection.close();
      await settled();
      await clock.tickAsync(1);
      await until(() => told.length === 2);
      const before = gateway.all('REGISTER').length;
      await clock.tickAsync(6_900);
      expect(gateway.all('REGISTER')).to.have.length(before);
      await clock.tickAsync(200);
      await gateway.next('REGISTER', before + 1);
      expect(talk.call.state).to.equal('active');
    } finally {
      clock.restore();
    }
  });

  for (const status of [401, 403]) {
    it(`asks for a new token where the one of the call is met with ${status} afterwards`, async () => {
      const { gateway, asked } = bench();
      await bench().talk();
      gateway.on('REGISTER', (register, reply) => {
        const fresh = register.header('authorization')?.endsWith(tokenNumber(2));
        reply(fresh ? 200 : status, { headers: [`Contact: ${register.header('contact')};expires=300`] });
      });
      gateway.connection.close();
      await gateway.next('REGISTER', 3);
      expect(asked.at(-1)).to.have.property('renew', tokenNumber(1));
      expect(asked).to.have.length(2);
      await gateway.next('re-INVITE');
    });
  }

  it('comes back although a registration was refused before, in the middle of the call', async () => {
    const { gateway } = bench();
    // Each renewal of the token is a registration, too.
    bench().grant = { expires_in: 1 };
    const client = bench().client();
    const talk = await bench().talk(client);
    const told = reconnectingOf(talk);
    const { failed, ended } = endingsOf(talk.call);
    gateway.on('REGISTER', (_, reply) => reply(403));
    await until(() => client.connectionState === 'offline');
    expect([talk.call.state, told, failed, ended]).to.deep.equal(['active', [], [], []]);
    gateway.connection.close();
    await until(() => told.length === 2);
    expect(talk.call.state).to.equal('active');
    gateway.on('REGISTER', (register, reply) =>
      reply(200, { headers: [`Contact: ${register.header('contact')};expires=300`] }),
    );
    await until(() => client.connectionState === 'registered');
    await talk.call.hangup();
    expect((await gateway.next('BYE')).connection).to.equal(gateway.connections[1]);
    await bench().expectReleased();
  });

  it('comes back to the gateway that has the call, and to no other', async () => {
    const { gateway } = bench();
    const urls = ['wss://one.example/', 'wss://two.example/'];
    bench().grant = { gateway_url: urls };
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    const refuse = (connection: Connection) => connection.close();
    const accept = gateway.connect;
    gateway.connect = refuse;
    gateway.connection.close();
    await until(() => gateway.connections.length === 3);
    gateway.connect = accept;
    await until(() => told.length === 2);
    expect(new Set(gateway.connections.map(({ url }) => url))).to.deep.equal(new Set([urls[0]]));
    expect(talk.call.state).to.equal('active');
  });

  it('goes on where the grant asks for no registration', async () => {
    bench().grant = { register: 'never' };
    const talk = await bench().talk();
    const told = reconnectingOf(talk);
    bench().gateway.connection.close();
    await until(() => told.length === 2);
    expect(talk.call.state).to.equal('active');
    expect(bench().gateway.all('REGISTER')).to.be.empty;
  });

  it('goes on past the grace while there is a voice, and ends with `connection-lost` when that goes, too', async () => {
    const { gateway } = bench();
    const client = bench().client();
    const talk = await bench().talk(client);
    const { failed, ended } = endingsOf(talk.call);
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
    try {
      gateway.connect = (connection) => connection.close();
      gateway.connection.close();
      await until(() => talk.call.reconnecting);
      await clock.tickAsync(59_000);
      expect(talk.call.state).to.equal('active');
      await clock.tickAsync(30_000);
      expect(talk.call.state).to.equal('active');
      expect(talk.call.reconnecting).to.equal(true);
      expect(failed).to.be.empty;
      loseMedia(talk);
      expect(await talk.call.finished).to.include({ outcome: 'failed', code: 'connection-lost' });
      expect(failed).to.have.length(1);
      expect(ended).to.be.empty;
      await bench().expectReleased();
      expect(gateway.connections.length, 'it has tried').to.be.at.least(8);
    } finally {
      clock.restore();
    }
    gateway.connect = (connection) => connection.accept();
    await bench().talk(client);
  });

  it('ends with `connection-lost` some time after the end of the grace where there is no voice', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldClearNativeTimers: true });
    try {
      gateway.connect = (connection) => connection.close();
      gateway.connection.close();
      await until(() => talk.call.reconnecting);
      loseMedia(talk);
      await clock.tickAsync(74_000);
      expect(talk.call.state).to.equal('active');
      await clock.tickAsync(1_100);
      expect(await talk.call.finished).to.include({ outcome: 'failed', code: 'connection-lost' });
    } finally {
      clock.restore();
    }
  });

  for (const refusals of [0, 1]) {
    it(`takes a new connection in place of one whose DTLS has failed${refusals ? ', once that is not refused any more' : ''}`, async () => {
      const { gateway, peers } = bench();
      const talk = await bench().talk();
      const { call, invite } = talk;
      const told = reconnectingOf(talk);
      const [theirs, old, heard] = [bench().farEnd(), call.connection!, call.remoteStream];
      gateway.on('re-INVITE', async (reinvite, reply) => {
        if (gateway.all('re-INVITE').length <= refusals) reply(491);
        else reply(200, { body: await theirs.answer(reinvite.message.body) });
      });
      call.mute();
      breakMedia(talk);
      await until(() => told.length === 2);
      expect([call.state, call.connection === old, call.connection?.connectionState]).to.deep.equal([
        'active',
        false,
        'connected',
      ]);
      expect(call.remoteStream).to.not.equal(heard);
      const { body } = gateway.all('re-INVITE').at(-1)!.message;
      const [was, is] = [invite.message.body, body].map((sdp) => /^o=(\S+ \S+) (\d+)/m.exec(sdp)!);
      expect(is![1], 'the session is the same').to.equal(was![1]);
      expect(Number(is![2])).to.be.greaterThan(Number(was![2]));
      expect(fingerprint(body)).to.not.equal(fingerprint(invite.message.body));
      await theirs.connected();
      expect(bench().tracks.map(({ enabled, readyState }) => [enabled, readyState])).to.deep.equal([[false, 'live']]);
      await until(() => peers.filter(({ signalingState }) => signalingState !== 'closed').length === 1);
      await call.hangup();
      await bench().expectReleased();
    });
  }

  it('and that is hung up meanwhile is over at once; the BYE follows when the connection is back', async () => {
    const { gateway } = bench();
    const { call } = await bench().talk();
    const { ended } = endingsOf(call);
    let comeBack = () => {};
    const [invite] = gateway.all('INVITE');
    gateway.connect = (connection) => (comeBack = () => connection.accept());
    gateway.connection.close();
    await until(() => gateway.connections.length === 2);
    const sent = gateway.raw.length;
    await call.hangup();
    expect(ended.map(({ outcome }) => outcome)).to.deep.equal(['completed']);
    await bench().expectReleased();
    await settled();
    expect(gateway.raw, 'nothing is sent while offline').to.have.length(sent);
    comeBack();
    const bye = await gateway.next('BYE');
    expect(bye.message.to_tag).to.equal(invite!.tag);
    expect(gateway.all('re-INVITE')).to.be.empty;
    await until(() => !gateway.connection.open);
  });

  for (const refused of [false, true]) {
    it(`and that is hung up meanwhile says BYE when the new connection has registered${refused ? ', or was refused' : ''}`, async () => {
      const { gateway } = bench();
      const { call } = await bench().talk();
      let register = () => {};
      gateway.on('REGISTER', (request, reply) => {
        register = () =>
          refused ? reply(503) : reply(200, { headers: [`Contact: ${request.header('contact')};expires=300`] });
      });
      gateway.connection.close();
      await gateway.next('REGISTER', 2);
      await call.hangup();
      expect(await call.finished).to.include({ outcome: 'completed' });
      await settled();
      expect(gateway.all('BYE'), 'from a connection that it does not know yet, a gateway takes none').to.be.empty;
      register();
      await gateway.next('BYE');
      await until(() => !gateway.connection.open);
    });
  }

  it('sends nothing inside the call while it is offline, and what was asked for then harms nothing', async () => {
    const { gateway } = bench();
    const talk = await bench().talk();
    let comeBack = () => {};
    gateway.connect = (connection) => (comeBack = () => connection.accept());
    gateway.connection.close();
    await until(() => gateway.connections.length === 2);
    talk.call.sendDTMF('1');
    talk.call.mute();
    await settled();
    expect(talk.call.state).to.equal('active');
    const told = reconnectingOf(talk);
    comeBack();
    await until(() => told.includes(false));
    expect(talk.call.state).to.equal('active');
  });
});

describe('A re-INVITE of ours', () => {
  const bench = useBench();

  /** Has the first re-INVITE answered so, and the ones after it with success. */
  async function answeredWith(first: (reinvite: Received) => void): Promise<Talk & { told: boolean[] }> {
    const { gateway } = bench();
    const talk = await bench().talk();
    gateway.on('re-INVITE', async (reinvite, reply) => {
      if (gateway.all('re-INVITE').length === 1) first(reinvite);
      else reply(200, { body: await talk.farEnd.answer(reinvite.message.body) });
    });
    const told = reconnectingOf(talk);
    gateway.connection.close();
    return { ...talk, told };
  }

  it('that meets 481 ends the call: the far side knows it no more', async () => {
    const { call } = await answeredWith((reinvite) => reinvite.reply(481));
    const { failed } = endingsOf(call);
    expect(await call.finished).to.include({ outcome: 'failed', code: 'connection-lost' });
    expect(failed).to.have.length(1);
    await bench().expectReleased();
  });

  for (const status of [491, 500, 503, 488, 408]) {
    it(`that meets ${status} is repeated, with a higher CSeq, and the call lives`, async () => {
      const { call, told } = await answeredWith((reinvite) => reinvite.reply(status));
      await until(() => told.length === 2);
      const [first, second] = bench().gateway.all('re-INVITE') as [Received, Received];
      expect(second.message.cseq).to.be.greaterThan(first.message.cseq);
      expect(second.message.via_branch).to.not.equal(first.message.via_branch);
      expect(call.state).to.equal('active');
      expect(call.connection?.signalingState).to.equal('stable');
      expect(bench().gateway.all('re-INVITE')).to.have.length(2);
    });
  }

  it('that is answered with a broken description is repeated, and the call lives', async () => {
    const { call, told } = await answeredWith((reinvite) => reinvite.reply(200, { body: 'v=0\r\nnonsense' }));
    await until(() => told.length === 2);
    expect(call.state).to.equal('active');
  });

  it('that crosses one of theirs: theirs meets 491, ours is not rolled back', async () => {
    const { gateway } = bench();
    const theirs = bench().farEnd();
    const theirOffer = await theirs.offer();
    let reply = () => {};
    const { call, dialog, farEnd, told } = await answeredWith((reinvite) => {
      reply = () => void farEnd.answer(reinvite.message.body).then((body) => reinvite.reply(200, { body }));
    });
    await gateway.next('re-INVITE');
    expect((await dialog.ask('INVITE', { body: theirOffer })).status_code).to.equal(491);
    expect(call.connection?.signalingState).to.equal('have-local-offer');
    reply();
    await until(() => told.length === 2);
    expect(gateway.all('re-INVITE')).to.have.length(1);
    const answer = await dialog.ask('INVITE', { body: await farEnd.offer() });
    expect(answer.status_code, 'and theirs is taken when it comes again').to.equal(200);
    await farEnd.accept(answer.body);
    expect(call.state).to.equal('active');
  });

  it('whose connection goes away before the answer is made again on the next one', async () => {
    const { gateway } = bench();
    const { call, told } = await answeredWith(({ connection }) => connection.close());
    await until(() => told.length === 2);
    expect(call.state).to.equal('active');
    expect(gateway.all('re-INVITE').map(({ connection }) => connection)).to.deep.equal(gateway.connections.slice(1));
    await pause(0);
    await reached(call, 'active');
  });
});
