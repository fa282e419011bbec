import { expect } from '@open-wc/testing';
import { asSautikitError, inContext, responsibleFor, SautikitError } from '../../src/errors.js';

describe('an error', () => {
  it('says who can mend it, and at what step it went wrong, by its code alone', () => {
    const { responsible, tried, correlationId } = new SautikitError('mic-denied');
    expect({ responsible, tried, correlationId }).to.deep.equal({
      responsible: 'caller',
      tried: { step: 'microphone', attempts: 1 },
      correlationId: undefined,
    });
    expect(responsibleFor('token-denied')).to.equal('owner');
    expect(responsibleFor('connection-lost')).to.equal('network');
  });

  it('says what its thrower knows better', () => {
    const error = new SautikitError('token-unreachable', { responsible: 'owner', tried: { attempts: 2 } });
    expect(error.responsible).to.equal('owner');
    expect(error.tried).to.deep.equal({ step: 'token', attempts: 2 });
  });

  it('is told anew for each call that meets it, and says the same in the rest', () => {
    const opensAt = new Date(0);
    const met = new SautikitError('rate-limited', { retryAfter: 5, opensAt, status: 429, tried: { step: 'call' } });
    const one = inContext(met, { correlationId: 'one' });
    const two = inContext(met, { correlationId: 'two', tried: { attempts: 3 } });
    expect(met.correlationId).to.be.undefined;
    expect([one.correlationId, two.correlationId]).to.deep.equal(['one', 'two']);
    expect([one.tried, two.tried]).to.deep.equal([
      { step: 'call', attempts: 1 },
      { step: 'call', attempts: 3 },
    ]);
    expect(two).to.include({ code: 'rate-limited', retryAfter: 5, opensAt, status: 429, responsible: 'caller' });
    expect(two.message).to.equal(met.message);
    expect(two.stack).to.equal(met.stack);
  });

  it('takes the place of whatever was thrown, without its text', () => {
    const error = asSautikitError(new TypeError('https://inside.example/?key=1'), 'token-unreachable');
    expect(error).to.include({ code: 'token-unreachable', message: 'token-unreachable' });
  });
});
