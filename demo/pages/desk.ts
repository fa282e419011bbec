import { SautikitClient, type IncomingCall } from '../../src/client.js';
import { DeskCall, type Ending } from './desk-call.js';
import { keepConnected } from './desk-connection.js';
import { loadGreeting } from './desk-sound.js';
import { DeskView } from './desk-view.js';

const client = new SautikitClient({ tokenUrl: '/api/desk-token' });
const greeting = loadGreeting();

let current: DeskCall | undefined;
let waiting: readonly IncomingCall[] = [];
let last: Ending | undefined;

const view = new DeskView({
  answer: () => current?.answer(),
  decline: () => current?.decline(),
  mute: () => current?.toggleMute(),
  hangup: () => void current?.call.hangup(),
  sound: () => current?.allowSound(),
  byItself: (on) => {
    if (current) current.byItself = on;
    show();
  },
  declineWaiting: (call) => call.reject(),
});

function show(): void {
  // A call that has just ended is shown as what it came to, a moment later.
  if (!current || current.call.state === 'ringing' || current.call.state === 'active') {
    view.show({ current, waiting, last });
  }
}

/** Takes calls one at a time, in the order in which they came. */
async function take(call: IncomingCall): Promise<void> {
  const taken = new DeskCall(call, greeting, show);
  current = taken;
  taken.byItself = view.byItself;
  show();
  requestAnimationFrame(progress);
  last = await taken.ending;
  current = undefined;
  const next = waiting.find(({ live }) => live);
  waiting = waiting.filter((other) => other !== next);
  if (next) void take(next);
  else show();
}

function progress(): void {
  if (!current) return;
  if (current.call.state === 'active') view.showProgress(current.call.seconds, current.levels);
  requestAnimationFrame(progress);
}

client.on('incoming', (call) => {
  if (!current) {
    void take(call);
    return;
  }
  waiting = [...waiting, call];
  show();
  void call.finished.then(() => {
    if (!waiting.includes(call)) return;
    waiting = waiting.filter((other) => other !== call);
    show();
  });
});

addEventListener('pagehide', () => client.disconnectNow());
addEventListener('pageshow', ({ persisted }) => {
  // A page that comes back from the browser's memory has hung up and signed off.
  if (persisted) location.reload();
});

show();
void keepConnected(client, (status) => view.showConnection(status));
