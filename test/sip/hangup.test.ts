import { expect } from '@open-wc/testing';
import { endingsOf, reached, useBench } from './support/bench.js';
import { Dialog } from './support/dialog.js';
import { settled, until } from './support/waiting.js';

describe('Hanging up', () => {
  const bench = useBench();

  /** The call ended as the caller wished: no error, one `ended`. */
  const expectCancelled = async ({ failed, ended }: ReturnType<typeof endingsOf>) => {
    expect(failed).to.be.empty;
    expect(ended.map(({ outcome, code }) => [outcome, code])).to.deep.equal([['cancelled', undefined]]);
    await bench().expectReleased();
  };

  it('under a permission prompt ends the call; the microphone that is granted afterwards is closed', async () => {
    let grant = () => {};
    bench().prompt = new Promise((resolve) => (grant = resolve));
    const call = bench().client().dial();
    const endings = endingsOf(call);
    await bench().gateway.next('REGISTER');
    expect(call.state).to.equal('preparing');
    await call.hangup();
    expect(call.state).to.equal('ended');
    grant();
    await until(() => bench().tracks.length === 1);
    await settled();
    await expectCancelled(endings);
    expect(bench().gateway.all('INVITE')).to.be.empty;
  });

  it('before the grant has come sends nothing at all', async () => {
    let answer = (_: unknown) => {};
    const tokenProvider = () => new Promise((resolve) => (answer = resolve));
    const call = bench().client({ tokenProvider }).dial();
    const endings = endingsOf(call);
    await until(() => bench().tracks.length === 1);
    await call.hangup();
    answer(bench().newGrant({}));
    await settled();
    await expectCancelled(endings);
    expect(bench().gateway.connections).to.be.empty;
  });

  it('while the socket opens lets go of it', async () => {
    const { gateway } = bench();
    gateway.connect = () => {};
    const call = bench().client().dial();
    const endings = endingsOf(call);
    await until(() => gateway.connections.length === 1 && bench().tracks.length === 1);
    await call.hangup();
    gateway.connection.accept();
    await settled();
    await expectCancelled(endings);
    expect(gateway.connection.open).to.equal(false);
    expect(gateway.raw).to.be.empty;
  });

  it('before any answer waits for the first one, then cancels (RFC 3261 section 9.1)', async () => {
    const { gateway } = bench();
    const call = bench().client().dial();
    const endings = endingsOf(call);
    const invite = await gateway.next('INVITE');
    await call.hangup();
    await settled();
    await expectCancelled(endings);
    expect(gateway.all('CANCEL')).to.be.empty;
    invite.reply(100);
    const cancel = await gateway.next('CANCEL');
    expect(cancel.message.via_branch).to.equal(invite.message.via_branch);
    expect(cancel.message.cseq).to.equal(invite.message.cseq);
    await gateway.next('ACK');
  });

  it('before any answer, and the first answer is the refusal: nothing is left to say', async () => {
    const { gateway } = bench();
    const call = bench().client().dial();
    const endings = endingsOf(call);
    const invite = await gateway.next('INVITE');
    await call.hangup();
    invite.reply(486);
    await gateway.next('ACK');
    await settled();
    await expectCancelled(endings);
    expect(gateway.all('CANCEL')).to.be.empty;
  });

  for (const [name, status, state] of [
    ['after 100', 100, 'dialing'],
    ['while it rings', 180, 'ringing'],
  ] as const) {
    it(`${name} cancels, and the 487 is no error`, async () => {
      const { gateway } = bench();
      gateway.on('INVITE', (_, reply) => reply(status));
      const call = bench().client().dial();
      const endings = endingsOf(call);
      await gateway.next('INVITE');
      await reached(call, state);
      await settled();
      await call.hangup();
      const [invite, cancel] = [await gateway.next('INVITE'), await gateway.next('CANCEL')];
      await gateway.next('ACK');
      await settled();
      await expectCancelled(endings);
      expect(cancel.message.ruri.toString()).to.equal(invite.message.ruri.toString());
      expect(cancel.message.call_id).to.equal(invite.message.call_id);
      expect(cancel.message.from_tag).to.equal(invite.message.from_tag);
      expect(cancel.message.to_tag).to.equal(undefined);
      expect(gateway.all('CANCEL')).to.have.length(1);
      expect(gateway.all('BYE')).to.be.empty;
    });
  }

  it('in a call says BYE to the far end itself, along the route', async () => {
    const { gateway } = bench();
    const { call, invite } = await bench().talk();
    const { failed, ended } = endingsOf(call);
    await call.hangup();
    const bye = await gateway.next('BYE');
    expect(failed).to.be.empty;
    expect(ended.map(({ outcome }) => outcome)).to.deep.equal(['completed']);
    expect(bye.message.ruri.toString()).to.equal('sip:desk@192.0.2.7:5060;transport=udp');
    expect(bye.message.getHeaders('route')).to.deep.equal([
      '<sip:edge.gateway.example;lr>',
      '<sip:core.gateway.example;lr>',
    ]);
    expect(bye.message.to_tag).to.equal(invite.tag);
    expect(bye.message.from_tag).to.equal(invite.message.from_tag);
    expect(bye.message.cseq).to.be.greaterThan(invite.message.cseq);
    await bench().expectReleased();
  });

  it('twice, or again after the end, says it once', async () => {
    const { call } = await bench().talk();
    const { ended } = endingsOf(call);
    await Promise.all([call.hangup(), call.hangup()]);
    await call.hangup();
    await settled();
    expect(ended).to.have.length(1);
    expect(bench().gateway.all('BYE')).to.have.length(1);
  });

  it('twice while it rings cancels once', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (_, reply) => reply(180));
    const call = bench().client().dial();
    const endings = endingsOf(call);
    await reached(call, 'ringing');
    await Promise.all([call.hangup(), call.hangup()]);
    await gateway.next('ACK');
    await settled();
    await expectCancelled(endings);
    expect(gateway.all('CANCEL')).to.have.length(1);
  });

  it('at both ends at once ends the call once', async () => {
    const { gateway } = bench();
    const { call, dialog } = await bench().talk();
    const { failed, ended } = endingsOf(call);
    const theirs = dialog.ask('BYE');
    await call.hangup();
    await gateway.next('BYE');
    expect((await theirs).status_code).to.equal(481);
    expect(failed).to.be.empty;
    expect(ended).to.have.length(1);
  });

  for (const first of ['its answer', 'its BYE'] as const) {
    it(`at the far end before our ACK completes the call, also where ${first} comes first`, async () => {
      const { gateway } = bench();
      const farEnd = bench().farEnd();
      let bye: Promise<{ status_code: number }> | undefined;
      gateway.on('INVITE', async (invite, reply) => {
        reply(180);
        const body = await farEnd.answer(invite.message.body);
        if (first === 'its answer') reply(200, { body });
        bye = Dialog.ofBrowser(gateway, invite).ask('BYE');
        if (first === 'its BYE') reply(200, { body });
      });
      const call = bench().client().dial();
      expect(await call.finished).to.include({ outcome: 'completed' });
      expect((await bye!).status_code).to.equal(200);
      const sent = gateway.requests.map(({ message }) => message.method);
      expect(sent.filter((method) => ['ACK', 'BYE', 'CANCEL'].includes(method))).to.deep.equal(['ACK']);
      await bench().expectReleased();
    });
  }

  it('at the far end completes the call', async () => {
    const { call, dialog } = await bench().talk();
    const { failed, ended } = endingsOf(call);
    expect((await dialog.ask('BYE')).status_code).to.equal(200);
    await call.finished;
    expect(failed).to.be.empty;
    expect(ended.map(({ outcome, code }) => [outcome, code])).to.deep.equal([['completed', undefined]]);
    expect(bench().gateway.all('BYE')).to.be.empty;
    await bench().expectReleased();
  });

  it('at the far end when the limit of the call is reached is `time-limit`, and no failure', async () => {
    bench().grant = { max_duration: 1 };
    const { call, dialog } = await bench().talk();
    await dialog.ask('BYE');
    expect(await call.finished).to.include({ outcome: 'completed', code: 'time-limit' });
  });

  it('ends what was opened for the call: registration and connection', async () => {
    const { gateway } = bench();
    const { call } = await bench().talk();
    await call.hangup();
    const last = await gateway.next('REGISTER', 2);
    expect(`${last.header('expires')} ${last.header('contact')}`).to.match(/^0 |;expires=0/);
    await until(() => !gateway.connection.open);
    const methods = gateway.requests.map(({ method }) => method);
    expect(methods.indexOf('BYE')).to.be.lessThan(methods.lastIndexOf('REGISTER'));
  });

  it('for a page that goes away says everything in the same instant', async () => {
    const { gateway } = bench();
    const { call } = await bench().talk();
    const before = gateway.raw.length;
    call.hangupNow();
    const said = gateway.raw.slice(before).map((text) => text.split(' ')[0]);
    expect(said).to.include('BYE').and.to.include('REGISTER');
    expect(call.state).to.equal('ended');
    expect(gateway.connection.open).to.equal(false);
    await bench().expectReleased();
  });

  it('that meets no answer is over at once all the same, and the connection closes', async () => {
    const { gateway } = bench();
    const { call } = await bench().talk();
    gateway.fallSilent();
    await call.hangup();
    expect(call.state).to.equal('ended');
    await bench().expectReleased();
    await until(() => !gateway.connection.open);
    expect(gateway.all('BYE')).to.have.length(1);
  });
});
