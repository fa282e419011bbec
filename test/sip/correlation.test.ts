import { expect } from '@open-wc/testing';
import { callTransitions, type CallState } from '../../src/call/call-machine.js';
import type { SautikitClient } from '../../src/client/sautikit-client.js';
import type { SautikitError } from '../../src/errors.js';
import { endingsOf, useBench } from './support/bench.js';
import { settled, until } from './support/waiting.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe('One id', () => {
  const bench = useBench();
  const callIds = (method: 'INVITE' | 'REGISTER') =>
    bench()
      .gateway.all(method)
      .map(({ message }) => message.call_id);

  it('names a call for the page, the token endpoint and the gateway, in all of its requests', async () => {
    const { call, dialog } = await bench().talk();
    expect(call.id).to.match(UUID);
    expect(bench().asked.map(({ correlation_id }) => correlation_id)).to.deep.equal([call.id]);
    expect(callIds('INVITE')).to.deep.equal([call.id]);
    expect(callIds('REGISTER')).to.deep.equal([`${call.id}-register`]);
    const { gateway } = bench();
    // The dialog is found by it: the far end's requests are taken, and ours carry it.
    await dialog.ask('INFO');
    await call.hangup();
    const bye = await gateway.next('BYE');
    expect(bye.message.call_id).to.equal(call.id);
  });

  it('stays with a call whose stale token was refused, and is another in the next call', async () => {
    const { gateway } = bench();
    gateway.on('INVITE', (invite, reply) => reply(gateway.all('INVITE').indexOf(invite) === 0 ? 401 : 486));
    const client = bench().client();
    const call = client.dial();
    const { failed } = endingsOf(call);
    await call.finished;
    expect(callIds('INVITE')).to.deep.equal([call.id, call.id]);
    const tags = gateway.all('INVITE').map(({ message }) => message.from_tag);
    expect(tags[0]).not.to.equal(tags[1]);
    expect(bench().asked.map(({ correlation_id }) => correlation_id)).to.deep.equal([call.id, call.id]);
    expect(failed[0]).to.include({ code: 'busy', correlationId: call.id, responsible: 'owner' });
    expect(failed[0]!.tried).to.deep.equal({ step: 'call', attempts: 2 });
    const next = client.dial();
    await next.finished;
    expect(next.id).not.to.equal(call.id);
    expect(callIds('INVITE').at(-1)).to.equal(next.id);
  });

  it('is that of the call to come, where its grant is fetched ahead', async () => {
    const client = bench().client();
    client.prefetch();
    await until(() => bench().asked.length === 1);
    const { call } = await bench().talk(client);
    expect(bench().asked.map(({ correlation_id }) => correlation_id)).to.deep.equal([call.id]);
  });

  it('stays with a digest challenge', async () => {
    const { gateway } = bench();
    bench().grant = { token: undefined, username: 'session-4711', password: 'correct-horse' };
    gateway.on('INVITE', (invite, reply) =>
      gateway.all('INVITE').indexOf(invite) === 0
        ? reply(401, { headers: ['WWW-Authenticate: Digest realm="gateway.example", nonce="abc", algorithm=MD5'] })
        : reply(486),
    );
    const call = bench().client().dial();
    await call.finished;
    expect(callIds('INVITE')).to.deep.equal([call.id, call.id]);
  });
});

describe('What a failure says', () => {
  const bench = useBench();
  const rejectionOf = async (client: SautikitClient): Promise<SautikitError> => {
    const error = await client.connect().then(
      () => undefined,
      (reason: unknown) => reason as SautikitError,
    );
    return error!;
  };
  const failureOf = async (client: SautikitClient): Promise<SautikitError> => {
    const call = client.dial();
    const { failed } = endingsOf(call);
    const result = await call.finished;
    const [error] = failed;
    expect(error!.correlationId).to.equal(call.id);
    expect({ responsible: error!.responsible, tried: error!.tried }).to.deep.equal({
      responsible: result.responsible,
      tried: result.tried,
    });
    return error!;
  };

  it('of a registration that was refused', async () => {
    bench().gateway.on('REGISTER', (_, reply) => reply(403));
    const error = await rejectionOf(bench().client());
    expect(error).to.include({ code: 'registration-rejected', responsible: 'owner' });
    expect(error.tried).to.deep.equal({ step: 'registration', attempts: 1 });
    expect(bench().gateway.all('REGISTER')[0]!.message.call_id).to.equal(`${error.correlationId}-register`);
    expect(bench().asked[0]!.correlation_id).to.equal(error.correlationId);
  });

  it('of gateways of whom none takes a connection: how many there were', async () => {
    bench().gateway.connect = (connection) => connection.close();
    bench().grant = { gateway_url: ['wss://gateway.example/a', 'wss://gateway.example/b', 'wss://gateway.example/c'] };
    const error = await failureOf(bench().client());
    expect(error).to.include({ code: 'gateway-unreachable', responsible: 'network' });
    expect(error.tried).to.deep.equal({ step: 'connection', attempts: 1, gateways: 3 });
  });

  it('of a token that was not given', async () => {
    const client = bench().client({ tokenProvider: () => Promise.reject(new Error('inner-words')) });
    const error = await failureOf(client);
    expect(error).to.include({ code: 'token-unreachable', message: 'token-unreachable' });
    expect(error.tried).to.deep.equal({ step: 'token', attempts: 1 });
  });

  it('of a microphone that was refused', async () => {
    bench().prompt = Promise.reject(Object.assign(new Error(), { name: 'NotFoundError' }));
    bench().prompt.catch(() => {});
    const error = await failureOf(bench().client());
    expect(error).to.include({ code: 'mic-missing', responsible: 'caller' });
    expect(error.tried.step).to.equal('microphone');
  });

  it('of a call that the gateway knows no more, after its connection was lost', async () => {
    const { call } = await bench().talk();
    const { failed } = endingsOf(call);
    bench().gateway.on('re-INVITE', (_, reply) => reply(481));
    bench().gateway.connection.close();
    await call.finished;
    expect(failed[0]).to.include({ code: 'connection-lost', responsible: 'network', correlationId: call.id });
    expect(failed[0]!.tried).to.deep.equal({ step: 'media', attempts: 1 });
  });
});

describe('With debug', () => {
  const bench = useBench();
  let lines: string[] = [];
  let restore = () => {};

  beforeEach(() => {
    lines = [];
    const { debug } = console;
    console.debug = (line: string) => void lines.push(line);
    restore = () => void (console.debug = debug);
  });
  afterEach(() => restore());

  const ofCall = (id: string): string[] => {
    const prefix = `sautikit: call ${id}: `;
    return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
  };

  it('each transition of call, connection and recovery is one line, under the call’s id', async () => {
    const client = bench().client({ debug: true });
    const { call } = await bench().talk(client);
    let recovered = false;
    call.on('reconnecting', (reconnecting) => (recovered = !reconnecting));
    bench().gateway.connection.close();
    await until(() => recovered);
    await call.hangup();
    await client.disconnect();
    expect(ofCall(call.id)).to.deep.equal([
      'idle -> preparing',
      'preparing -> dialing',
      'dialing -> ringing',
      'ringing -> active',
      'recovery whole -> recovering',
      're-INVITE: done',
      'recovery recovering -> whole',
      'active -> ending',
      'ending -> ended',
    ]);
    expect(lines.filter((line) => line.includes('connection '))).to.deep.equal([
      'sautikit: connection offline -> connecting',
      'sautikit: connection connecting -> registered',
      'sautikit: connection registered -> reconnecting',
      'sautikit: connection reconnecting -> registered',
      'sautikit: connection registered -> closed',
    ]);
  });

  it('each is one that the table of the call has', async () => {
    bench().gateway.on('INVITE', (_, reply) => reply(486));
    const call = bench().client({ debug: true }).dial();
    await call.finished;
    for (const line of ofCall(call.id)) {
      const [from, to] = line.split(' -> ') as [CallState, CallState];
      expect(Object.values(callTransitions[from]), line).to.include(to);
    }
  });

  it('looks at each line whether it is wanted', async () => {
    let wanted = false;
    const client = bench().client({ debug: () => wanted });
    const { call } = await bench().talk(client);
    expect(lines).to.be.empty;
    wanted = true;
    await call.hangup();
    await settled();
    expect(ofCall(call.id)).to.deep.equal(['active -> ending', 'ending -> ended']);
  });
});
