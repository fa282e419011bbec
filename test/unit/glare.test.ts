import { expect } from '@open-wc/testing';
import { Glare } from '../../src/sip/glare.js';
import { incoming, outgoing, response } from './support/sip-messages.js';

const inCall = { theirs: 'them' };

let glare: Glare;

beforeEach(() => {
  glare = new Glare();
});

describe('glare', () => {
  it('is there where their re-INVITE meets ours', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    expect(glare.crosses(incoming('INVITE'))).to.be.true;
  });

  it('is not there where we have asked for nothing', () => {
    expect(glare.crosses(incoming('INVITE'))).to.be.false;
  });

  it('is not there in another call', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    expect(glare.crosses(incoming('INVITE', { callId: 'call-2' }))).to.be.false;
  });

  it('is not there for a call that only begins', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    expect(glare.crosses(incoming('INVITE', { ours: '' }))).to.be.false;
  });

  it('is not there for anything but an INVITE', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    for (const method of ['BYE', 'INFO', 'UPDATE', 'ACK', 'OPTIONS']) {
      expect(glare.crosses(incoming(method)), method).to.be.false;
    }
  });

  for (const status of [200, 202, 401, 408, 481, 488, 491, 503]) {
    it(`is over with a ${status} to ours`, () => {
      glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
      expect(glare.answered(response(status, { cseq: 3 }))).to.be.true;
      expect(glare.answered(response(status, { cseq: 3 }))).to.be.false;
      expect(glare.crosses(incoming('INVITE'))).to.be.false;
    });
  }

  it('goes on while ours is only being tried', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    expect(glare.answered(response(100, { cseq: 3 }))).to.be.false;
    expect(glare.crosses(incoming('INVITE'))).to.be.true;
  });

  it('is not ended by the answer to another request', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    expect(glare.answered(response(200, { cseq: 3 }, 'INFO'))).to.be.false;
    expect(glare.answered(response(200, { cseq: 3, callId: 'call-2' }))).to.be.false;
    expect(glare.answered(response(200, { cseq: 1 }))).to.be.false;
    expect(glare.crosses(incoming('INVITE'))).to.be.true;
  });

  it('is over when the connection is gone', () => {
    glare.sent(outgoing('INVITE', { ...inCall, cseq: 3 }));
    glare.clear();
    expect(glare.crosses(incoming('INVITE'))).to.be.false;
  });
});
