import { expect } from '@open-wc/testing';
import type { Call, CallEvents } from '../../src/client/call.js';
import type { SautikitClient } from '../../src/client/sautikit-client.js';
import { reached, useBench } from './support/bench.js';
import { settled, until } from './support/waiting.js';

const METHODS = ['debug', 'log', 'info', 'warn', 'error', 'trace', 'dir', 'table', 'group'] as const;
const EVENTS: readonly (keyof CallEvents)[] = [
  'state',
  'dialing',
  'ringing',
  'answered',
  'ended',
  'failed',
  'mute',
  'hold',
  'reconnecting',
  'audioblocked',
];
/** What may stand nowhere: token, user and password, the addresses of both ends, and what the network says. */
const SECRET =
  /eyJ|signature|7f3akq|front-desk|correct-horse|session-4711|192\.0\.2|gateway\.example|sip:|inner-words|Amina/;

/** Everything in a value, errors and their stacks' first lines too. */
const spell = (value: unknown): string =>
  value instanceof Error
    ? `${value.name} ${value.message} ${JSON.stringify({ ...value })}`
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value)
      : String(value);

describe('Nothing secret', () => {
  const bench = useBench();
  let said: string[] = [];
  let restoreConsole = () => {};

  beforeEach(() => {
    said = [];
    const originals = METHODS.map((method) => [method, console[method]] as const);
    for (const method of METHODS) console[method] = (...args: unknown[]) => void said.push(args.map(spell).join(' '));
    restoreConsole = () => {
      for (const [method, original] of originals) Object.assign(console, { [method]: original });
    };
    localStorage.debug = 'JsSIP:*';
  });
  afterEach(() => {
    restoreConsole();
    localStorage.removeItem('debug');
  });

  const listen = (call: Call) => {
    for (const name of EVENTS) call.on(name, (detail) => said.push(`${name} ${spell(detail)}`));
  };
  /** A talkative client whose events, and whose calls' events, are written down. */
  function overheard(): SautikitClient {
    const client = bench().client({ debug: true, onTokenRefresh: (at) => said.push(spell(at)) });
    client.on('connection', (detail) => said.push(spell(detail)));
    return client;
  }
  function expectNothing() {
    expect(said.filter((line) => SECRET.test(line))).to.be.empty;
  }

  it('is said in a whole call, with debug on and every JsSIP message asked for', async () => {
    const client = overheard();
    const talking = bench().talk(client);
    const [call] = client.calls;
    listen(call!);
    const { dialog, farEnd } = await talking;
    call!.mute();
    call!.sendDTMF('0722000001');
    const told: boolean[] = [];
    call!.on('reconnecting', (reconnecting) => told.push(reconnecting));
    bench().gateway.connection.close();
    await until(() => told.length === 2);
    await dialog.ask('INVITE', { body: await farEnd.offer('sendonly') });
    await dialog.ask('MESSAGE', { body: 'inner-words', type: 'text/plain' });
    await call!.hangup();
    await settled();
    expect(
      said.filter((line) => line.startsWith('sautikit: ')),
      'it does say something',
    ).to.have.length.at.least(10);
    expect(said.filter((line) => line.startsWith('hold'))).to.have.length(1);
    expectNothing();
  });

  it('is said with digest credentials and a challenge', async () => {
    const { gateway } = bench();
    bench().grant = { token: undefined, username: 'session-4711', password: 'correct-horse' };
    gateway.on('INVITE', (_, reply) =>
      reply(401, { headers: ['WWW-Authenticate: Digest realm="gateway.example", nonce="abc", algorithm=MD5'] }),
    );
    const call = overheard().dial();
    listen(call);
    said.push(spell(await call.finished));
    expectNothing();
  });

  for (const status of [302, 401, 403, 486, 503]) {
    it(`is said of a refusal with ${status}, whatever its reason, headers and body tell`, async () => {
      bench().gateway.on('INVITE', (_, reply) =>
        reply(status, {
          reason: 'inner-words sip:front-desk@gateway.example',
          headers: ['Warning: 399 gateway.example "inner-words"', 'Retry-After: 5 (inner-words)'],
          contact: '<sip:front-desk@192.0.2.7>',
          body: 'inner-words',
          type: 'text/plain',
        }),
      );
      const client = overheard();
      const call = client.dial();
      listen(call);
      said.push(spell(await call.finished));
      expect(said.some((line) => line.startsWith('failed SautikitError'))).to.equal(true);
      expectNothing();
    });
  }

  it('is said where a connection or a registration fails', async () => {
    const { gateway } = bench();
    const client = overheard();
    gateway.connect = (connection) => connection.close();
    await client.connect().catch((error: unknown) => said.push(spell(error)));
    gateway.connect = (connection) => connection.accept();
    gateway.on('REGISTER', (_, reply) => reply(403, { reason: 'inner-words' }));
    await client.connect().catch((error: unknown) => said.push(spell(error)));
    expect(said.filter((line) => line.startsWith('SautikitError'))).to.have.length(2);
    expectNothing();
  });

  it('is said of nonsense, which is not quoted', async () => {
    const call = overheard().dial();
    listen(call);
    await bench().gateway.next('INVITE');
    const { gateway } = bench();
    gateway.send('inner-words');
    gateway.send(gateway.outside('MESSAGE', 'inner-words', { body: 'inner-words' }));
    gateway.send(gateway.outside('sip:front-desk', 'inner-words'));
    gateway.send('SIP/2.0 inner-words\r\nCSeq: 1 inner-words\r\n\r\n');
    gateway.send(gateway.outside('INVITE', 'x', { headers: ['CSeq: 1 inner-words'] }));
    await settled();
    await reached(call, 'dialing');
    expectNothing();
  });

  it('is kept in the page’s storage', async () => {
    await bench().talk(overheard());
    const stored = [...Object.entries({ ...localStorage, ...sessionStorage }), document.cookie].join();
    expect(stored).to.contain('JsSIP').and.to.not.match(SECRET);
    expect(document.documentElement.outerHTML).to.not.match(/eyJ|7f3akq|front-desk/);
  });

  it('is said at all without debug', async () => {
    const { call } = await bench().talk();
    await call.hangup();
    await settled();
    expect(said).to.be.empty;
  });
});
