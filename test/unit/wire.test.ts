import { expect } from '@open-wc/testing';
import {
  ALLOWED_METHODS,
  describe as inWords,
  headerOf,
  inDialog,
  methodOf,
  respond,
  startsCall,
  withHeader,
} from '../../src/sip/wire.js';
import { incoming, message, outgoing, parse, response } from './support/sip-messages.js';

describe('a message on the wire', () => {
  const invite = outgoing('INVITE');

  it('tells its method, and a response has none', () => {
    expect(methodOf(invite)).to.equal('INVITE');
    expect(methodOf('REGISTER sips:gateway.example SIP/2.0\r\n')).to.equal('REGISTER');
    expect(methodOf('SIP/2.0 200 OK\r\n')).to.equal('');
    expect(methodOf('\r\n\r\n')).to.equal('');
  });

  it('is told in a log by two words, without an address or a phrase', () => {
    expect(inWords(invite)).to.equal('INVITE');
    expect(inWords(message('SIP/2.0 486 Bob +254722000001 is busy', 'CSeq: 4 INVITE'))).to.equal('486 INVITE');
    expect(inWords('SIP/2.0 200 OK\r\ncseq:  12  REGISTER\r\n\r\n')).to.equal('200 REGISTER');
    expect(inWords('GET /sip:bob@example.com HTTP/1.1').trim()).to.equal('?');
    expect(inWords(message('SIP/2.0 200 OK', `CSeq: 4 ${'LONG'.repeat(5)}`)).trim()).to.equal('200');
    expect(inWords(message(`${'LONG'.repeat(5)} sip:a@b SIP/2.0`)).trim()).to.equal('?');
  });

  it('tells a header, whatever its case, and an empty text where there is none', () => {
    expect(headerOf(invite, 'Call-ID')).to.equal('call-1');
    expect(headerOf(invite, 'call-id')).to.equal('call-1');
    expect(headerOf(invite, 'Route')).to.equal('');
  });

  it('tells no header out of its body', () => {
    const text = 'INFO sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n\r\nCall-ID: forged\r\n';
    expect(headerOf(text, 'Call-ID')).to.equal('');
  });

  it('tells no header out of another one', () => {
    expect(headerOf(message('OPTIONS sip:a@b SIP/2.0', 'X-To: <sip:x@y>', 'To: <sip:a@b>'), 'To')).to.equal(
      '<sip:a@b>',
    );
  });

  it('starts a call where it is an INVITE without a tag of the far end', () => {
    expect(startsCall(invite)).to.be.true;
    expect(startsCall(outgoing('INVITE', { theirs: 'them' }))).to.be.false;
    expect(startsCall(outgoing('REGISTER'))).to.be.false;
    expect(startsCall(outgoing('CANCEL'))).to.be.false;
    expect(startsCall(message('SIP/2.0 200 OK', 'CSeq: 1 INVITE', 'To: <sip:a@b>'))).to.be.false;
  });

  it('gets a header right behind its first line, and nothing else changes', () => {
    const text = withHeader(invite, 'Authorization: Bearer abc');
    const [first, added, ...rest] = text.split('\r\n');
    expect(added).to.equal('Authorization: Bearer abc');
    expect([first, ...rest].join('\r\n')).to.equal(invite);
  });

  it('keeps its body when it gets a header', () => {
    expect(withHeader('INFO sip:a@b SIP/2.0\r\nTo: x\r\n\r\nSignal=5', 'X: y')).to.equal(
      'INFO sip:a@b SIP/2.0\r\nX: y\r\nTo: x\r\n\r\nSignal=5',
    );
  });

  it('is welcome where a call needs it, and not otherwise', () => {
    for (const method of ['INVITE', 'ACK', 'CANCEL', 'BYE', 'INFO', 'OPTIONS', 'UPDATE'])
      expect(ALLOWED_METHODS).to.include(method);
    for (const method of ['MESSAGE', 'REFER', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'REGISTER'])
      expect(ALLOWED_METHODS).not.to.include(method);
  });
});

describe('a response without a transaction', () => {
  it('repeats what makes it find its way', () => {
    const text = respond(incoming('INVITE'), 491, 'Request Pending');
    const parsed = parse(text);
    expect(text.split('\r\n')[0]).to.equal('SIP/2.0 491 Request Pending');
    expect(parsed.getHeaders('via')).to.deep.equal(incoming('INVITE').getHeaders('via'));
    expect(parsed.call_id).to.equal('call-1');
    expect(parsed.from_tag).to.equal('them');
    expect(parsed.to_tag).to.equal('us');
    expect(headerOf(text, 'CSeq')).to.equal('7 INVITE');
    expect(headerOf(text, 'Content-Length')).to.equal('0');
    expect(text.endsWith('\r\n\r\n')).to.be.true;
  });

  it('gives a tag of its own to a request that has none, another one each time', () => {
    const request = incoming('OPTIONS', { ours: '' });
    const tags = [1, 2].map(() => parse(respond(request, 405, 'Method Not Allowed')).to_tag ?? '');
    expect(tags[0]).to.match(/^[a-z0-9]{8,}$/);
    expect(tags[0]).not.to.equal(tags[1]);
  });

  it('carries the headers it is given', () => {
    const text = respond(incoming('REFER'), 405, 'Method Not Allowed', 'Allow: INVITE, BYE', 'Retry-After: 3');
    expect(headerOf(text, 'Allow')).to.equal('INVITE, BYE');
    expect(headerOf(text, 'Retry-After')).to.equal('3');
  });
});

describe('a request in the dialog of a 2xx', () => {
  const answer = response(200, { cseq: 4 });
  const sentBy = 'SIP/2.0/WSS 9f3k2.invalid';

  it('goes to the contact that answered, over its route in reverse', () => {
    for (const method of ['ACK', 'BYE'] as const) {
      const text = inDialog(method, answer, sentBy);
      expect(text.split('\r\n')[0]).to.equal(`${method} sip:desk@10.0.0.4:5062;transport=ws SIP/2.0`);
      expect(parse(text).getHeaders('route')).to.deep.equal([
        '<sip:outer.gateway.example;lr>',
        '<sip:inner.gateway.example;lr>',
      ]);
    }
  });

  it('carries the tags of both ends and the Call-ID', () => {
    const parsed = parse(inDialog('BYE', answer, sentBy));
    expect([parsed.from_tag, parsed.to_tag, parsed.call_id]).to.deep.equal(['us', 'them', 'call-1']);
  });

  it('has the number of the INVITE where it acknowledges, and the next where it ends', () => {
    expect(headerOf(inDialog('ACK', answer, sentBy), 'CSeq')).to.equal('4 ACK');
    expect(headerOf(inDialog('BYE', answer, sentBy), 'CSeq')).to.equal('5 BYE');
  });

  it('is a transaction of its own', () => {
    const branches = (['ACK', 'BYE'] as const).map((method) => parse(inDialog(method, answer, sentBy)).via_branch);
    expect(branches[0]).to.match(/^z9hG4bK\w{8,}$/);
    expect(branches[0]).not.to.equal(branches[1]);
    expect(headerOf(inDialog('ACK', answer, sentBy), 'Via')).to.match(/^SIP\/2\.0\/WSS 9f3k2\.invalid;branch=/);
  });

  it('carries no credential', () => {
    expect(headerOf(inDialog('BYE', answer, sentBy), 'Authorization')).to.equal('');
  });
});
