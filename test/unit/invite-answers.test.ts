import { expect } from '@open-wc/testing';
import { InviteAnswers } from '../../src/sip/invite-answers.js';
import { headerOf, methodOf } from '../../src/sip/wire.js';
import { outgoing, parse, response } from './support/sip-messages.js';

let sent: string[];
let answers: InviteAnswers;

const methods = () => sent.map(methodOf);
const tags = () => sent.map((text) => parse(text).to_tag);

beforeEach(() => {
  sent = [];
  answers = new InviteAnswers((text) => sent.push(text));
});

describe('the answers to one INVITE', () => {
  beforeEach(() => answers.sent(outgoing('INVITE')));

  it('become a call by the first 200', () => {
    expect(answers.admit(response(200))).to.be.true;
    expect(sent).to.be.empty;
  });

  it('may be repeated, as long as they are of the same call', () => {
    answers.admit(response(200));
    expect(answers.admit(response(200))).to.be.true;
    expect(sent).to.be.empty;
  });

  it('may ring in several places', () => {
    for (const theirs of ['a', 'b', 'c']) expect(answers.admit(response(180, { theirs }))).to.be.true;
    expect(answers.admit(response(200, { theirs: 'b' }))).to.be.true;
    expect(sent).to.be.empty;
  });

  it('end a second place that answers too, and leave the first alone', () => {
    answers.admit(response(200, { theirs: 'first' }));
    expect(answers.admit(response(200, { theirs: 'second' }))).to.be.false;
    expect(methods()).to.deep.equal(['ACK', 'BYE']);
    expect(tags()).to.deep.equal(['second', 'second']);
    expect(answers.admit(response(200, { theirs: 'first' }))).to.be.true;
  });

  it('end every further place', () => {
    for (const theirs of ['a', 'b', 'c']) answers.admit(response(200, { theirs }));
    expect(tags()).to.deep.equal(['b', 'b', 'c', 'c']);
  });

  it('acknowledge a repeated 200 again, and hang up on it once', () => {
    answers.admit(response(200, { theirs: 'first' }));
    for (let i = 0; i < 3; i++) answers.admit(response(200, { theirs: 'second' }));
    expect(methods()).to.deep.equal(['ACK', 'BYE', 'ACK', 'ACK']);
  });

  it('end a 200 that crosses our CANCEL', () => {
    answers.abandon('call-1');
    expect(answers.admit(response(200))).to.be.false;
    expect(methods()).to.deep.equal(['ACK', 'BYE']);
    expect(headerOf(sent[0]!, 'CSeq')).to.equal('1 ACK');
    expect(headerOf(sent[1]!, 'CSeq')).to.equal('2 BYE');
    expect(headerOf(sent[1]!, 'Via')).to.match(/^SIP\/2\.0\/WSS 9f3k2\.invalid;branch=/);
  });

  it('end any other 2xx as well', () => {
    answers.abandon('call-1');
    expect(answers.admit(response(202))).to.be.false;
    expect(methods()).to.deep.equal(['ACK', 'BYE']);
  });

  it('are let through as refusals, after a CANCEL too', () => {
    answers.abandon('call-1');
    for (const status of [100, 180, 183, 302, 401, 407, 486, 487, 503, 603]) {
      expect(answers.admit(response(status)), String(status)).to.be.true;
    }
    expect(sent).to.be.empty;
  });

  it('are told from the answers to other requests of the call', () => {
    answers.abandon('call-1');
    for (const method of ['CANCEL', 'BYE', 'INFO', 'REGISTER']) {
      expect(answers.admit(response(200, { cseq: 2 }, method)), method).to.be.true;
    }
    expect(sent).to.be.empty;
  });

  it('are let through to an INVITE that is repeated with credentials', () => {
    answers.admit(response(407, { theirs: 'challenge' }));
    answers.sent(outgoing('INVITE', { cseq: 2 }));
    expect(answers.admit(response(200, { cseq: 2 }))).to.be.true;
    expect(sent).to.be.empty;
  });
});

describe('the answers to several INVITEs', () => {
  it('are told apart', () => {
    answers.sent(outgoing('INVITE', { callId: 'one' }));
    answers.sent(outgoing('INVITE', { callId: 'two' }));
    answers.abandon('one');
    expect(answers.admit(response(200, { callId: 'two' }))).to.be.true;
    expect(answers.admit(response(200, { callId: 'one' }))).to.be.false;
    expect(sent.map((text) => headerOf(text, 'Call-ID'))).to.deep.equal(['one', 'one']);
  });

  it('are let through where the INVITE is not known', () => {
    answers.abandon('stranger');
    expect(answers.admit(response(200, { callId: 'stranger' }))).to.be.true;
    expect(sent).to.be.empty;
  });

  it('are judged for the last 32 calls', () => {
    for (let i = 0; i < 32; i++) {
      answers.sent(outgoing('INVITE', { callId: `call-${i}` }));
      answers.abandon(`call-${i}`);
    }
    expect(answers.admit(response(200, { callId: 'call-0' }))).to.be.false;
    answers.sent(outgoing('INVITE', { callId: 'one-more' }));
    expect(answers.admit(response(200, { callId: 'call-0' }))).to.be.true;
    expect(answers.admit(response(200, { callId: 'call-1' }))).to.be.false;
  });
});
