import { expect } from '@open-wc/testing';
import { reached, useBench, type Talk } from './support/bench.js';
import { CALLEE, request, SIP_URI, word } from './support/messages.js';
import { settled } from './support/waiting.js';

const ALLOW = 'INVITE, ACK, CANCEL, BYE, INFO, OPTIONS, UPDATE';

describe('What a caller’s browser has no use for', () => {
  const bench = useBench();

  for (const method of ['MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'PUBLISH', 'PRACK', 'REGISTER', 'NONSENSE']) {
    it(`is answered with 405 and what is allowed: ${method}, inside and outside a call`, async () => {
      const { call, dialog } = await bench().talk();
      const headers = ['Event: refer', 'Refer-To: <sip:premium@elsewhere.example>'];
      for (const answer of [
        await bench().gateway.ask(method, { headers, body: 'words', type: 'text/plain' }),
        await dialog.ask(method, { headers }),
      ]) {
        expect(answer.status_code).to.equal(405);
        expect(answer.getHeader('allow')).to.equal(ALLOW);
        expect(answer.to_tag).to.be.a('string');
      }
      expect(call.state).to.equal('active');
      expect(bench().gateway.all('INVITE')).to.have.length(1);
    });
  }

  it('an INVITE that would replace a call is refused (RFC 3891)', async () => {
    const { call, dialog, invite } = await bench().talk();
    const replaces = `Replaces: ${dialog.callId};to-tag=${invite.message.from_tag};from-tag=${invite.tag}`;
    const answer = await bench().gateway.ask('INVITE', { headers: [replaces], body: await bench().farEnd().offer() });
    expect(answer.status_code).to.equal(403);
    expect(call.state).to.equal('active');
  });
});

describe('What a gateway may ask', () => {
  const bench = useBench();

  it('OPTIONS is answered with 200, inside and outside a call', async () => {
    const { dialog } = await bench().talk();
    expect((await bench().gateway.ask('OPTIONS')).status_code).to.equal(200);
    expect((await dialog.ask('OPTIONS')).status_code).to.equal(200);
  });

  it('UPDATE and INFO inside a call are answered, and the call goes on', async () => {
    const { call, dialog } = await bench().talk();
    expect((await dialog.ask('UPDATE', { headers: ['Session-Expires: 1800;refresher=uac'] })).status_code).to.equal(
      200,
    );
    const info = await dialog.ask('INFO', { body: 'Signal=1\r\nDuration=100\r\n', type: 'application/dtmf-relay' });
    expect(info.status_code).to.equal(200);
    expect(call.state).to.equal('active');
  });

  for (const method of ['BYE', 'INFO', 'UPDATE', 'INVITE']) {
    it(`${method} in a call that nobody knows is answered with 481`, async () => {
      const { call } = await bench().talk();
      const callId = word();
      const [from, to] = [`<${CALLEE}>;tag=${word()}`, `<${SIP_URI}>;tag=${word()}`];
      const uri = /<([^>]+)>/.exec((await bench().gateway.next('INVITE')).header('contact')!)![1]!;
      bench().gateway.send(request(method, { uri, from, to, callId, cseq: 9 }, { body: 'v=0\r\n' }));
      expect((await bench().gateway.answerTo(callId, 9, method)).status_code).to.equal(481);
      expect(call.state).to.equal('active');
    });
  }

  it('CANCEL and ACK of nothing are left alone', async () => {
    const { call } = await bench().talk();
    const { gateway } = bench();
    for (const method of ['CANCEL', 'ACK']) gateway.send(gateway.outside(method, word()));
    await settled();
    expect(call.state).to.equal('active');
  });

  it('a BYE with the far end’s tag wrong does not end the call', async () => {
    const { call, invite } = await bench().talk();
    const { message } = invite;
    const parts = {
      uri: message.parseHeader('contact')!.uri.toString(),
      from: `<${CALLEE}>;tag=forged`,
      to: message.getHeader('from')!,
      callId: message.call_id,
      cseq: 9,
    };
    bench().gateway.send(request('BYE', parts));
    expect((await bench().gateway.answerTo(message.call_id, 9, 'BYE')).status_code).to.equal(481);
    expect(call.state).to.equal('active');
  });
});

describe('What is no SIP', () => {
  const bench = useBench();

  /** The call still stands, and still ends as calls do. */
  async function expectUnmoved({ call, dialog }: Talk): Promise<void> {
    await settled();
    expect(bench().uncaught).to.be.empty;
    expect(call.state).to.equal('active');
    expect((await dialog.ask('OPTIONS')).status_code).to.equal(200);
    expect((await dialog.ask('BYE')).status_code).to.equal(200);
    await reached(call, 'ended');
  }

  const bytes = new Uint8Array(2_000).map((_, at) => (at * 7919) % 256).buffer;
  const cases: Readonly<Record<string, readonly unknown[]>> = {
    'nothing at all': ['', ' ', '\r\n', '\r\n\r\n\r\n', '\0'],
    'bytes that are no text': [bytes, new ArrayBuffer(0)],
    'another protocol': [
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      '{"jsonrpc":"2.0"}',
      '<html></html>',
      'GET / HTTP/1.1\r\n\r\n',
    ],
    'start lines that lie': [
      'SIP/2.0 999 Beyond\r\n\r\n',
      'SIP/2.0\r\n\r\n',
      'SIP/9.0 200 OK\r\n\r\n',
      'INVITE\r\n\r\n',
      'INVITE sip:x SIP/3.0\r\n\r\n',
      ' BYE sip:x SIP/2.0\r\n\r\n',
    ],
  };
  for (const [name, messages] of Object.entries(cases)) {
    it(`is left alone: ${name}`, async () => {
      const talk = await bench().talk();
      for (const message of messages) bench().gateway.send(message);
      await expectUnmoved(talk);
    });
  }

  it('is left alone: a message cut off at any place', async () => {
    const talk = await bench().talk();
    const { gateway } = bench();
    const whole = gateway.outside('OPTIONS', word(), { body: 'v=0\r\n' });
    const invite = gateway.outside('INVITE', word(), { body: 'v=0\r\n' });
    for (let length = 0; length < whole.length; length += 3) gateway.send(whole.slice(0, length));
    for (let length = 0; length < invite.length; length += 7) gateway.send(invite.slice(0, length));
    await expectUnmoved(talk);
  });

  it('is left alone: a message of a megabyte, in its body or in its headers', async () => {
    const talk = await bench().talk();
    const { gateway } = bench();
    const long = 'x'.repeat(1_000_000);
    gateway.send(gateway.outside('OPTIONS', 'long-body', { body: long }));
    gateway.send(gateway.outside('OPTIONS', 'long-header', { headers: [`Subject: ${long}`] }));
    gateway.send(long);
    await expectUnmoved(talk);
    expect(gateway.responses.map(({ call_id }) => call_id)).to.not.include.members(['long-body', 'long-header']);
  });

  it('is left alone: a length that is not that of the body', async () => {
    const talk = await bench().talk();
    const { gateway } = bench();
    const whole = gateway.outside('OPTIONS', word(), { body: 'v=0\r\n' });
    for (const length of ['999999999', '-1', 'many', '', '0x10', '1e9', '3, 4']) {
      gateway.send(whole.replace(/^Content-Length: .*$/m, `Content-Length: ${length}`));
    }
    await expectUnmoved(talk);
  });

  it('is left alone: headers that are missing, empty, doubled or endless', async () => {
    const talk = await bench().talk();
    const { gateway } = bench();
    for (const method of ['OPTIONS', 'INVITE', 'BYE', 'CANCEL', 'ACK', 'INFO', 'MESSAGE']) {
      for (const header of ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards']) {
        const line = new RegExp(`^${header}: .*\\r\\n`, 'm');
        const whole = gateway.outside(method, word());
        gateway.send(whole.replace(line, ''));
        gateway.send(whole.replace(line, `${header}: \r\n`));
        gateway.send(whole.replace(line, `${header}: <<<\0>>>;tag=;;\r\n`));
        gateway.send(whole.replace(line, (found) => found + found));
        gateway.send(whole.replace(line, (found) => `${found.trimEnd()}${';a=b'.repeat(4_000)}\r\n`));
      }
    }
    await expectUnmoved(talk);
  });

  it('is left alone: answers to nothing, and answers that contradict the call', async () => {
    const talk = await bench().talk();
    const { invite } = talk;
    invite.reply(100);
    invite.reply(180);
    invite.reply(183, { body: 'v=0\r\n' });
    invite.reply(486);
    invite.reply(487);
    invite.reply(200, { contact: null });
    invite.reply(200, { contact: '<mailto:nobody>' });
    invite.reply(200, { tag: 'other', contact: null });
    invite.reply(200, { tag: null });
    (await bench().gateway.next('REGISTER')).reply(403);
    (await bench().gateway.next('ACK')).reply(200);
    await expectUnmoved(talk);
  });

  it('is left alone: a request inside the call that makes JsSIP stumble', async () => {
    const talk = await bench().talk();
    const { dialog } = talk;
    const offers = ['v=0\r\nm=', 'm=audio', '\0', 'a=sendonly', 'v=0\r\nm=audio 9 RTP/AVP 0\r\n'];
    for (const method of ['INVITE', 'UPDATE', 'INFO']) {
      for (const body of offers) {
        for (const type of ['application/sdp', 'text/plain', 'application/dtmf-relay', '\0']) {
          dialog.send(method, { body, type });
        }
      }
    }
    dialog.send('INFO', { headers: ['Content-Type: application/dtmf-relay'] });
    dialog.send('INFO', { body: 'Signal=\r\nDuration=no\r\n', type: 'application/dtmf-relay' });
    dialog.send('INVITE', { cseq: 1 });
    await expectUnmoved(talk);
  });
});
