import { expect } from '@open-wc/testing';
import { asSautikitError, SautikitError, type ErrorCode } from '../../src/errors.js';
import { inviteError, inviteFailure } from '../../src/sip/sip-causes.js';

const meanings: Partial<Record<ErrorCode, number[]>> = {
  'token-denied': [401, 407],
  'not-found': [404, 410, 484, 604],
  'no-answer': [408, 480, 487],
  'rate-limited': [429],
  busy: [486, 600],
  'media-failed': [415, 488, 606],
  declined: [603, 607, 608],
  'server-error': [500, 501, 502, 503, 504, 513, 555, 580, 599],
  'call-refused': [300, 301, 302, 380, 400, 402, 403, 405, 406, 420, 433, 481, 482, 483, 491, 493, 601, 699],
};

describe('the meaning of a SIP refusal', () => {
  for (const [code, statuses] of Object.entries(meanings)) {
    for (const status of statuses) {
      it(`${status} is ${code}`, () => {
        expect(inviteFailure(status)).to.equal(code);
      });
    }
  }

  it('comes as a typed error with its status', () => {
    const error = inviteError(486);
    expect(error).to.be.instanceOf(SautikitError);
    expect([error.code, error.status, error.retryAfter]).to.deep.equal(['busy', 486, undefined]);
  });

  it('tells when to try again, where the gateway said so', () => {
    expect(inviteError(503, 120).retryAfter).to.equal(120);
    expect(inviteError(503, NaN).retryAfter).to.be.undefined;
    expect(inviteError(503, 0).retryAfter).to.be.undefined;
  });
});

describe('the one error class', () => {
  it('says in its message what it knows, and no more', () => {
    expect(new SautikitError('busy').message).to.equal('busy');
    expect(new SautikitError('token-malformed', { field: 'expires_at' }).message).to.equal(
      'token-malformed (field "expires_at")',
    );
    expect(new SautikitError('server-error', { status: 503, retryAfter: 5 }).message).to.equal(
      'server-error (SIP 503), try again in 5 s',
    );
  });

  it('is an Error with a name of its own', () => {
    const error = new SautikitError('line-closed', { opensAt: new Date(0) });
    expect(error).to.be.instanceOf(Error);
    expect(error.name).to.equal('SautikitError');
    expect(error.opensAt).to.deep.equal(new Date(0));
  });

  it('takes the place of foreign errors, and none of their text', () => {
    const ours = new SautikitError('busy');
    expect(asSautikitError(ours)).to.equal(ours);
    for (const foreign of [new Error('secret'), 'secret', undefined, null, { message: 'secret' }]) {
      const error = asSautikitError(foreign, 'media-failed');
      expect(error.code).to.equal('media-failed');
      expect(error.message).to.equal('media-failed');
    }
    expect(asSautikitError(new Error('secret')).code).to.equal('server-error');
  });
});
