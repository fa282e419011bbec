import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { SautikitClient } from '../../../src/client/sautikit-client.js';
import { redact } from '../../../src/log.js';
import { describe as describeMessage } from '../../../src/sip/wire.js';
import { FakeWebSocket, soon } from '../../sip/support/fake-web-socket.js';
import { GATEWAY_URL } from '../../sip/support/messages.js';
import { parseMessage } from '../../sip/support/shipped.js';
import { Caller, LyingGateway, STAGES, until } from '../support/sip-caller.js';
import { CANARY } from '../support/hostile.js';
import { changed, said } from '../support/sip-mutations.js';
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

/** How much slower than one of its size a message may be (times); it is more only where time grows faster than length. */
const MUCH_SLOWER = 30;

const batch = fc.record({
  stage: fc.constantFrom(...STAGES),
  kind: fc.constantFrom('bearer', 'bearer', 'digest'),
  messages: fc.array(said, { minLength: 1, maxLength: 50, size: 'max' }),
});

const quickest = (run: () => unknown): number =>
  Math.min(
    ...Array.from({ length: 3 }, () => {
      const began = performance.now();
      run();
      return performance.now() - began;
    }),
  );

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
  const slowMessages: unknown[] = [];

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
      const { slow } = watch;
      watch.timed(() => deliver.call(this, data));
      if (watch.slow > slow) slowMessages.push(data);
    };
  });
  after(async () => {
    watch.stop();
    FakeWebSocket.prototype.deliver = deliver;
    Object.assign(globalThis, { WebSocket, RTCPeerConnection: Native });
    await context.close();
  });

  /** A message that took long, once more and by itself: was it the machine, or is it the message? */
  function judgeSlow(): void {
    const handle = (text: string) => () => [parseMessage(text), redact(describeMessage(text))];
    const plain = `${'OPTIONS sip:a@b SIP/2.0\r\n'}${'Subject: x\r\n'.repeat(2500)}\r\n`;
    for (const message of slowMessages.splice(0)) {
      if (typeof message !== 'string') continue;
      const [took, usual] = [quickest(handle(message)), quickest(handle(plain))];
      if (took > MUCH_SLOWER * usual) throw new Error(`${took} ms for ${message.slice(0, 300)}… of ${message.length}`);
    }
  }

  it('changes nothing but what it may, and the next call works', async () => {
    let inputs = 0;
    let sessions = 0;
    const stages: Record<string, number> = {};
    /** What the browser made of it: its answers, and how calls ended. */
    const answers: Record<string, number> = {};
    const endings: Record<string, number> = {};
    const count = (of: Record<string, number>, what: string) => (of[what] = (of[what] ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(batch, async ({ stage, kind, messages }) => {
        const gateway = new LyingGateway();
        FakeWebSocket.network = gateway;
        const client = new SautikitClient({ tokenProvider: () => Promise.resolve(grant(kind)), debug: true });
        const caller = new Caller(gateway, client, templates, stream);
        const told: unknown[] = [];
        client.on('connection', (change) => told.push(change));
        try {
          for (const [index, message] of messages.entries()) {
            if (index === 0 || !caller.at(stage)) {
              sessions++;
              if (index > 0) caller.behave();
              await caller.reach(stage);
              const { call } = caller;
              void call?.finished.then(({ outcome, code }) => count(endings, code ?? outcome));
              for (const name of ['failed', 'ended', 'state', 'hold'] as const)
                call?.on(name, (detail: unknown) => told.push(detail instanceof Error ? `${detail.stack}` : detail));
            }
            const template = templates[message.template % templates.length]!;
            const data = changed(caller.text(template, message.where), message);
            for (let times = message.twice ? 2 : 1; times > 0; times--) {
              caller.send(data);
              inputs++;
              count(stages, stage);
            }
            await new Promise<void>((resolve) => soon(resolve));
          }
          await caller.callOnceMore();
          await caller.end();
          const open = () => peers.some(({ signalingState }) => signalingState !== 'closed');
          await until('every peer connection to be closed', () => !open());
          peers.length = 0;
        } finally {
          client.disconnectNow();
        }
        for (const { status_code: status, method } of gateway.responses) count(answers, `${status} ${method}`);
        judgeSlow();
        watch.check(
          SECRETS,
          told.map((detail) => JSON.stringify(detail) ?? ''),
        );
      }),
      parameters(40),
    );
    const { slowest, slow } = watch;
    await tell('SIP', inputs, { sessions, stages, answers, endings, slowestMs: Math.round(slowest), over100Ms: slow });
    // None of this is worth anything where no message gets through.
    for (const answer of ['180 INVITE', '200 BYE', '481 BYE']) expect(answers).to.have.property(answer);
    expect(endings).to.include.keys('completed', 'cancelled');
  });
});
