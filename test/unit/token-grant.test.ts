import { expect } from '@open-wc/testing';
import { SautikitError } from '../../src/errors.js';
import { checkGatewayUrl, parseGrant, sipDomain } from '../../src/token/token-grant.js';
import { bearer, digest, jwt } from './support/grants.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = Date.parse('2026-11-05T10:00:00Z');
const at = (offset: number) => new Date(now + offset).toISOString();

/** An answer without some of its fields. */
function without(answer: Record<string, unknown>, ...fields: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !fields.includes(name)));
}

function refusal(json: unknown): SautikitError {
  try {
    parseGrant(json, undefined, now);
  } catch (error) {
    expect(error).to.be.instanceOf(SautikitError);
    return error as SautikitError;
  }
  throw new Error('the answer was taken for a grant');
}

describe('a grant', () => {
  it('takes a bearer token and fills in every default', () => {
    const token = jwt({ sub: 'visitor-7' });
    expect(parseGrant(bearer({ token }))).to.deep.equal({
      credential: { kind: 'bearer', token },
      lifetime: 300,
      gatewayUrls: ['wss://gateway.example/sip'],
      sipUri: 'sip:visitor-7@gateway.example',
      callee: 'sip:call@gateway.example',
      register: 'auto',
      iceServers: [],
      iceTransportPolicy: 'all',
      maxDuration: undefined,
    });
  });

  it('takes everything that an endpoint may say', () => {
    const iceServers = [
      { urls: 'stun:stun.example' },
      { urls: ['turn:turn.example', 'turns:turn.example:443?transport=tcp'], username: '1730:x', credential: 'aGk=' },
    ];
    const grant = parseGrant(
      bearer({
        sip_uri: 'sip:guest.12@voice.example:5061',
        callee: 'sip:sales@pbx.example',
        register: 'never',
        ice_servers: iceServers,
        ice_transport_policy: 'relay',
        available: true,
        max_duration: 600,
        message_code: 'welcome',
        something_of_tomorrow: { a: 1 },
      }),
    );
    expect(grant.sipUri).to.equal('sip:guest.12@voice.example:5061');
    expect(grant.callee).to.equal('sip:sales@pbx.example');
    expect(grant.register).to.equal('never');
    expect(grant.maxDuration).to.equal(600);
    expect(grant.iceTransportPolicy).to.equal('relay');
    expect(grant.iceServers).to.deep.equal([{ urls: ['stun:stun.example'] }, iceServers[1]]);
  });

  it('takes a token with its date alone, where the page names the gateway', () => {
    const token = jwt({ iss: 'sautikit-sip', sub: '0b8f0f0e-3c1e-4b52-a7c1-5d7c8f4e9a10', iat: 1, exp: 301 });
    const grant = parseGrant({ token, expires_at: at(5 * MINUTE) }, 'wss://sip.sautikit.example', now);
    expect(grant.lifetime).to.equal(300);
    expect(grant.gatewayUrls).to.deep.equal(['wss://sip.sautikit.example/']);
    expect(grant.sipUri).to.equal('sip:0b8f0f0e-3c1e-4b52-a7c1-5d7c8f4e9a10@sip.sautikit.example');
  });

  it('takes digest credentials', () => {
    const grant = parseGrant(digest());
    expect(grant.credential).to.deep.equal({ kind: 'digest', username: 'web-4711', password: 'p4ss~word!' });
    expect(grant.sipUri).to.equal('sip:web-4711@gateway.example');
  });

  it('bounds digest credentials that name no end', () => {
    expect(parseGrant(without(digest(), 'expires_in')).lifetime).to.equal(3600);
  });

  it('takes null for absent, as several languages write it', () => {
    const nothing = { username: null, password: null, expires_at: null, sip_uri: null, callee: null, register: null };
    const more = { ice_servers: null, ice_transport_policy: null, available: null, opens_at: null, max_duration: null };
    expect(parseGrant(bearer({ ...nothing, ...more }))).to.deep.equal(parseGrant(bearer()));
    expect(parseGrant(bearer({ gateway_url: null }), 'wss://other.example').gatewayUrls).to.deep.equal([
      'wss://other.example/',
    ]);
  });

  it('names the caller after the token where no address is given', () => {
    expect(parseGrant(bearer({ token: jwt({ sub: 'Zoë Ünal' }) })).sipUri).to.equal(
      'sip:Zo%C3%AB%20%C3%9Cnal@gateway.example',
    );
  });

  it('lets nothing of the token end the address', () => {
    const grant = parseGrant(bearer({ token: jwt({ sub: 'a@evil.example>\r\nX: y' }) }));
    expect(grant.sipUri).to.equal('sip:a%40evil.example%3E%0D%0AX%3A%20y@gateway.example');
  });

  it('needs no readable token where the address is given', () => {
    const grant = parseGrant(bearer({ token: 'opaque-token_1', sip_uri: 'sip:x@voice.example' }));
    expect(grant.credential).to.deep.equal({ kind: 'bearer', token: 'opaque-token_1' });
  });

  it('keeps the order of several gateways, and names the caller after the first', () => {
    const grant = parseGrant(bearer({ gateway_url: ['wss://a.example', 'wss://b.example:8443/ws?x=1'] }));
    expect(grant.gatewayUrls).to.deep.equal(['wss://a.example/', 'wss://b.example:8443/ws?x=1']);
    expect(sipDomain(grant.sipUri)).to.equal('a.example');
  });

  it('takes several gateways from the page', () => {
    const list = ['wss://a.example/', 'wss://b.example/'];
    expect(parseGrant(without(bearer(), 'gateway_url'), list).gatewayUrls).to.deep.equal(list);
  });

  it('prefers its own gateway to the one of the page', () => {
    expect(parseGrant(bearer(), 'wss://page.example').gatewayUrls).to.deep.equal(['wss://gateway.example/sip']);
  });

  it('dials at the domain of its own address', () => {
    expect(parseGrant(bearer({ sip_uri: 'sip:x@voice.example:5080' })).callee).to.equal('sip:call@voice.example:5080');
    expect(parseGrant(bearer({ sip_uri: 'sip:x@[2001:db8::1]:5080' })).callee).to.equal('sip:call@[2001:db8::1]:5080');
  });

  it('takes an unencrypted gateway on this machine', () => {
    for (const host of ['localhost:8088', '127.0.0.1:8088', '127.8.8.8', '[::1]:8088', 'gateway.localhost']) {
      expect(checkGatewayUrl(`ws://${host}/ws`), host).to.equal(`ws://${host}/ws`);
    }
  });
});

describe('the life of a grant', () => {
  const dated = (date: string) => ({ ...without(bearer(), 'expires_in'), expires_at: date });
  const lifetime = (json: unknown, clock = now) => parseGrant(json, undefined, clock).lifetime;

  it('is what the seconds say, whatever the date says', () => {
    expect(lifetime(bearer({ expires_in: 90, expires_at: at(-HOUR) }))).to.equal(90);
    expect(lifetime(bearer({ expires_in: 900, expires_at: at(HOUR) }))).to.equal(900);
  });

  it('is what the date says where the clocks agree', () => {
    expect(lifetime(dated(at(2 * MINUTE)))).to.equal(120);
  });

  it('is never longer than 300 s by a date alone', () => {
    expect(lifetime(dated(at(24 * HOUR)))).to.equal(300);
  });

  it('is 300 s where the clock here is hours behind', () => {
    expect(lifetime(dated(at(5 * MINUTE)), now - 7 * HOUR)).to.equal(300);
  });

  it('is 300 s where the clock here is hours ahead and the grant looks stale', () => {
    expect(lifetime(dated(at(5 * MINUTE)), now + 7 * HOUR)).to.equal(300);
  });

  for (const date of [
    '2026-11-05T13:02:00+03:00',
    '2026-11-05T04:32:00-05:30',
    '2026-11-05T10:02:00.000Z',
    '2026-11-05T10:02:00.000000Z',
    '2026-11-05T10:02:00.000000000+00:00',
    '2026-11-05t10:02:00z',
  ]) {
    it(`is read from ${date}, as RFC 3339 allows`, () => {
      expect(lifetime(dated(date))).to.equal(120);
    });
  }
});

describe('a line that is closed', () => {
  it('is no grant, and says when it opens', () => {
    const error = refusal({ available: false, opens_at: '2026-11-06T08:00:00+03:00' });
    expect(error.code).to.equal('line-closed');
    expect(error.opensAt?.toISOString()).to.equal('2026-11-06T05:00:00.000Z');
  });

  it('need not know when it opens', () => {
    expect(refusal({ available: false }).opensAt).to.be.undefined;
    expect(refusal({ available: false, opens_at: null }).code).to.equal('line-closed');
  });

  it('is closed even with a credential', () => {
    expect(refusal(bearer({ available: false })).code).to.equal('line-closed');
  });
});
