import { expect } from '@open-wc/testing';
import { redact } from '../../src/log.js';

describe('the log', () => {
  const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmNkZWZnIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ';

  it('takes tokens out, wherever they stand', () => {
    expect(redact(`token ${secret} refused`)).not.to.contain(secret);
    expect(redact(`Authorization: Bearer ${secret}`)).to.equal('Authorization [redacted]');
  });

  it('takes digest credentials out to the end of their line', () => {
    const header = 'Proxy-Authorization: Digest username="bob", response="0f3a"\r\nTo: x';
    expect(redact(header)).to.equal('Proxy-Authorization [redacted]\r\nTo: x');
  });

  it('takes SIP and telephone addresses out', () => {
    expect(redact('INVITE sip:call@gateway.example:5061;transport=ws SIP/2.0')).to.equal('INVITE [address] SIP/2.0');
    expect(redact('from tel:+254722000001')).to.equal('from [address]');
    expect(redact('calling +254 722 000 001 now')).to.equal('calling [number] now');
  });

  it('leaves random ids alone, and takes a number beside one out', () => {
    const id = '12345678-1234-4234-8234-123456789012';
    expect(redact(`call ${id}: dialing`)).to.equal(`call ${id}: dialing`);
    expect(redact(`${id} +254722000001`)).to.equal(`${id} [number]`);
    expect(redact(`${id}-12345678`)).not.to.contain('12345678-12345678');
  });

  it('leaves plain words and small numbers alone', () => {
    expect(redact('call dialing -> ringing, 180 after 35 ms')).to.equal('call dialing -> ringing, 180 after 35 ms');
  });

  it('comes to its end with a text of any length: twice as much takes twice as long', () => {
    // With every letter looked at once it takes milliseconds; with the square of them, an hour.
    const long = 'x'.repeat(4_000_000);
    expect(redact(long)).to.equal(long);
    expect(redact(`${long} ${secret}`)).to.equal(`${long} [token]`);
  });
});
