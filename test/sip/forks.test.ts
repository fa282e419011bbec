import { expect } from '@open-wc/testing';
import { endingsOf, reached, useBench } from './support/bench.js';
import type { Received } from './support/gateway.js';
import { FAR_CONTACT, ROUTES } from './support/messages.js';
import { settled, until } from './support/waiting.js';

/** What RFC 3261 sections 12.1.2, 13.2.2.4 and 15.1.1 ask of the ACK and the BYE for an answer to `invite`. */
function expectInDialog(request: Received, invite: Received, tag: string, cseq: number): void {
  const { message } = request;
  expect(message.ruri.toString()).to.equal(FAR_CONTACT);
  expect(message.getHeaders('route')).to.deep.equal(ROUTES);
  expect(message.call_id).to.equal(invite.message.call_id);
  expect(message.from_tag).to.equal(invite.message.from_tag);
  expect(message.to_tag).to.equal(tag);
  expect(message.cseq).to.equal(cseq);
  expect(message.via_branch)
    .to.match(/^z9hG4bK/)
    .and.not.equal(invite.message.via_branch);
}

describe('A 200 that crosses our CANCEL', () => {
  const bench = useBench();

  /** A call that is cancelled while it rings; the far end answers all the same. */
  async function crossed(...tags: string[]): Promise<Received> {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', (_, reply) => reply(180));
    gateway.on('CANCEL', async (_, reply) => {
      reply(200);
      const invite = await gateway.next('INVITE');
      const body = await farEnd.answer(invite.message.body);
      for (const tag of tags) invite.reply(200, { tag, body });
    });
    const call = bench().client().dial();
    const endings = endingsOf(call);
    await reached(call, 'ringing');
    await call.hangup();
    await gateway.next('BYE');
    await settled();
    expect(endings.failed).to.be.empty;
    expect(endings.ended.map(({ outcome }) => outcome)).to.deep.equal(['cancelled']);
    await bench().expectReleased();
    return gateway.next('INVITE');
  }

  it('is acknowledged and ended, so that no billed call is left open', async () => {
    const invite = await crossed('late');
    const { gateway } = bench();
    expectInDialog(await gateway.next('ACK'), invite, 'late', invite.message.cseq);
    expectInDialog(await gateway.next('BYE'), invite, 'late', invite.message.cseq + 1);
    const branches = gateway.requests.map(({ message }) => message.via_branch);
    expect(new Set([...gateway.all('ACK'), ...gateway.all('BYE')].map((r) => r.message.via_branch)).size).to.equal(2);
    expect(branches).to.have.length.at.least(4);
  });

  it('is acknowledged each time it is repeated, and ended once', async () => {
    await crossed('late', 'late', 'late');
    expect(bench().gateway.all('ACK')).to.have.length(3);
    expect(bench().gateway.all('BYE')).to.have.length(1);
  });

  it('is ended at each far end that answered', async () => {
    await crossed('left', 'right');
    const { gateway } = bench();
    expect(gateway.all('ACK').map(({ message }) => message.to_tag)).to.deep.equal(['left', 'right']);
    expect(gateway.all('BYE').map(({ message }) => message.to_tag)).to.deep.equal(['left', 'right']);
  });

  it('is ended too where we hung up before any answer', async () => {
    const { gateway } = bench();
    const call = bench().client().dial();
    const invite = await gateway.next('INVITE');
    await call.hangup();
    invite.reply(200, { tag: 'quick', body: await bench().farEnd().answer(invite.message.body) });
    expectInDialog(await gateway.next('ACK'), invite, 'quick', invite.message.cseq);
    expectInDialog(await gateway.next('BYE'), invite, 'quick', invite.message.cseq + 1);
    await settled();
    expect(gateway.all('BYE')).to.have.length(1);
    await bench().expectReleased();
  });
});

describe('A second answer to a forked INVITE', () => {
  const bench = useBench();

  it('is acknowledged and ended, and the first call lives', async () => {
    const { gateway } = bench();
    const { call, invite, farEnd } = await bench().talk();
    invite.reply(200, { tag: 'second', body: farEnd.connection.localDescription!.sdp });
    const bye = await gateway.next('BYE');
    await settled();
    expectInDialog(bye, invite, 'second', invite.message.cseq + 1);
    const [first, second] = gateway.all('ACK') as [Received, Received];
    expect(first.message.to_tag).to.equal(invite.tag);
    expectInDialog(second, invite, 'second', invite.message.cseq);
    expect(call.state).to.equal('active');
    expect(call.connection?.connectionState).to.equal('connected');

    await call.hangup();
    expect((await gateway.next('BYE', 2)).message.to_tag).to.equal(invite.tag);
  });

  it('that comes in the same instant as the first is ended all the same', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => {
      const body = await farEnd.answer(invite.message.body);
      reply(200, { tag: 'first', body });
      reply(200, { tag: 'second', body });
    });
    const call = bench().client().dial();
    await reached(call, 'active');
    expect((await gateway.next('BYE')).message.to_tag).to.equal('second');
    await until(() => gateway.all('ACK').length === 2);
    expect(gateway.all('ACK').map(({ message }) => message.to_tag)).to.have.members(['first', 'second']);
    await settled();
    expect(call.state).to.equal('active');
  });

  it('repeated is acknowledged each time, and ended once', async () => {
    const { gateway } = bench();
    const { call, invite } = await bench().talk();
    for (let times = 0; times < 3; times++) invite.reply(200, { tag: 'second', body: 'v=0\r\n' });
    await until(() => gateway.all('ACK').length === 4);
    await settled();
    expect(gateway.all('BYE')).to.have.length(1);
    expect(call.state).to.equal('active');
  });

  it('is ended although two far ends rang before', async () => {
    const { gateway } = bench();
    const farEnd = bench().farEnd();
    gateway.on('INVITE', async (invite, reply) => {
      reply(180, { tag: 'left' });
      reply(180, { tag: 'right' });
      const body = await farEnd.answer(invite.message.body);
      reply(200, { tag: 'right', body });
      reply(200, { tag: 'left', body });
    });
    const call = bench().client().dial();
    await reached(call, 'active');
    expect((await gateway.next('BYE')).message.to_tag).to.equal('left');
    await settled();
    expect(call.state).to.equal('active');
    await call.hangup();
    expect((await gateway.next('BYE', 2)).message.to_tag).to.equal('right');
  });
});
