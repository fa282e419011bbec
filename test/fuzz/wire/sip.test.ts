import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { SautikitClient } from '../../../src/client/sautikit-client.js';
import { FakeWebSocket, soon } from '../../sip/support/fake-web-socket.js';
import { GATEWAY_URL } from '../../sip/support/messages.js';
import { Caller, LyingGateway, STAGES, until, type Stage } from '../support/sip-caller.js';
import { CANARY } from '../support/hostile.js';
import { changed, said, type Lie } from '../support/sip-mutations.js';
import { loadTemplates, type Template } from '../support/sip-traces.js';
import { parameters, patience } from '../support/settings.js';
import { tell } from '../support/told-by-page.js';
import { Watch } from '../support/watch.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiJhYmMifQ.secret-signature';
const PASSWORD = 'secret-password';
const CALLEE = 'sip:secret-callee@gateway.example';
/** Of what the far side writes nothing is repeated to anybody, and of what is ours nothing secret. */
const SECRETS = ['secret-signature', PASSWORD, 'secret-callee', CANARY];

const grant = (kind: 'bearer' | 'digest') => ({
  ...(kind === 'bearer' ? { token: TOKEN } : { username: 'web-4711', password: PASSWORD }),
  expires_in: 300,
  gateway_url: GATEWAY_URL,
  sip_uri: 'sip:v-7f3akq@gateway.example',
  callee: CALLEE,
});

/** A session, and what is said in it. */
interface Session {
  stage: Stage;
  kind: 'bearer' | 'digest';
  messages: Lie[];
}

const session: fc.Arbitrary<Session> = fc.record({
  stage: fc.constantFrom(...STAGES),
  kind: fc.constantFrom('bearer', 'bearer', 'digest'),
  messages: fc.array(said, { minLength: 1, maxLength: 50, size: 'max' }),
});

/** How long a message may hold the page up (ms). */
const HANG = 100;
/** How much slower than the truth a lie may be (times); it is more only where time grows faster than length. */
const MUCH_SLOWER = 10;
/** Nobody is ever as slow as this by chance: other programs, the garbage. */
const REPLAYS = 5;

describe('SIP of a gateway that lies', function () {
  this.timeout(patience * 4);
  this.retries(0);
  const { WebSocket, RTCPeerConnection: Native } = globalThis;
  const peers: RTCPeerConnection[] = [];
  const { deliver } = FakeWebSocket.prototype;
  let templates: Template[];
  let watch: Watch;
  let stream: MediaStream;
  let context: AudioContext;
  /** The slowest message since this was last 0 (ms). */
  let slowest = 0;

  before(async () => {
    templates = await loadTemplates();
    context = new AudioContext();
    ({ stream } = context.createMediaStreamDestination());
    Object.assign(globalThis, {
      WebSocket: FakeWebSocket,
      RTCPeerConnection: class extends Native {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          peers.push(this);
        }
      },
    });
    watch = new Watch();
    FakeWebSocket.prototype.deliver = function (data) {
      const began = performance.now();
      watch.timed(() => deliver.call(this, data));
      slowest = Math.max(slowest, performance.now() - began);
    };
  });
  after(async () => {
    watch.stop();
    FakeWebSocket.prototype.deliver = deliver;
    Object.assign(globalThis, { WebSocket, RTCPeerConnection: Native });
    await context.close();
  });

  const counts = {
    inputs: 0,
    sessions: 0,
    stages: {} as Record<string, number>,
    /** What the browser made of it: its answers, and how calls ended. */
    answers: {} as Record<string, number>,
    endings: {} as Record<string, number>,
    /** Messages that took long, and those of them that took long again by themselves. */
    over100MsOnce: 0,
    over100MsAgain: 0,
  };
  const count = (of: Record<string, number>, what: string) => (of[what] = (of[what] ?? 0) + 1);

  /** Plays a session to its end, and a call after it. @param heard told of each lie when it was heard */
  async function play({ stage, kind, messages }: Session, heard: (lie: Lie) => void = () => {}): Promise<void> {
    const gateway = new LyingGateway();
    FakeWebSocket.network = gateway;
    const client = new SautikitClient({ tokenProvider: () => Promise.resolve(grant(kind)), debug: true });
    const caller = new Caller(gateway, client, templates, stream);
    const told: unknown[] = [];
    client.on('connection', (change) => told.push(change));
    try {
      for (const [index, message] of messages.entries()) {
        if (index === 0 || !caller.at(stage)) {
          counts.sessions++;
          if (index > 0) caller.behave();
          await caller.reach(stage);
          const { call } = caller;
          void call?.finished.then(({ outcome, code }) => count(counts.endings, code ?? outcome));
          for (const name of ['failed', 'ended', 'state', 'hold'] as const)
            call?.on(name, (detail: unknown) => told.push(detail instanceof Error ? `${detail.stack}` : detail));
        }
        const template = templates[message.template % templates.length]!;
        const data = changed(caller.text(template, message.where), message);
        for (let times = message.twice ? 2 : 1; times > 0; times--) {
          caller.send(data);
          counts.inputs++;
          count(counts.stages, stage);
        }
        await new Promise<void>((resolve) => soon(resolve));
        heard(message);
      }
      await caller.callOnceMore();
      await caller.end();
      const open = () => peers.some(({ signalingState }) => signalingState !== 'closed');
      await until('every peer connection to be closed', () => !open());
      peers.length = 0;
    } finally {
      client.disconnectNow();
    }
    for (const { status_code: status, method } of gateway.responses) count(counts.answers, `${status} ${method}`);
    watch.check(
      SECRETS,
      told.map((detail) => JSON.stringify(detail) ?? ''),
    );
  }

  /** How long the slowest message of a session takes (ms), when nothing else is to blame: the quickest of some. */
  async function quickest(session: Session): Promise<number> {
    const took: number[] = [];
    while (took.length < REPLAYS && (took.at(-1) ?? Infinity) > HANG) {
      slowest = 0;
      await play(session);
      took.push(slowest);
    }
    return Math.min(...took);
  }

  /** A message that took long, once more and by itself: was it the machine, or is it the message? */
  async function judge(session: Session, lie: Lie): Promise<void> {
    counts.over100MsOnce++;
    const took = await quickest({ ...session, messages: [lie] });
    if (took <= HANG) return;
    counts.over100MsAgain++;
    const usual = await quickest({ ...session, messages: [{ ...lie, changes: [], spoiled: undefined }] });
    if (took > MUCH_SLOWER * usual) throw new Error(`${took} ms instead of ${usual} for ${JSON.stringify(lie)}`);
  }

  it('changes nothing but what it may, and the next call works', async () => {
    await fc.assert(
      fc.asyncProperty(session, async (session) => {
        const slow: Lie[] = [];
        slowest = 0;
        await play(session, (lie) => {
          if (slowest > HANG) slow.push(lie);
          slowest = 0;
        });
        // Of the truth that was told in the end.
        if (slowest > HANG) slow.push(session.messages.at(-1)!);
        for (const lie of slow) await judge(session, lie);
      }),
      parameters(40),
    );
    const { inputs, answers, endings, ...more } = counts;
    await tell('SIP', inputs, { ...more, answers, endings, slowestMs: Math.round(watch.slowest) });
    // None of this is worth anything where no message gets through.
    for (const answer of ['180 INVITE', '200 BYE', '481 BYE']) expect(answers).to.have.property(answer);
    expect(endings).to.include.keys('completed', 'cancelled');
  });
});
