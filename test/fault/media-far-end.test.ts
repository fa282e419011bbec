import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type Visitor } from '../support/visitor.js';
import { faults } from './support/fault.js';
import { endsWith, goesOn, since } from './support/outcomes.js';
import { Scene } from './support/scene.js';

/** For how long the phone is frozen, in milliseconds. */
const FROZEN_MS = 10_000;

const play = Scene.shared();

const callSales = (visitor: Visitor) =>
  visitor.page.$eval('sautikit-call-button', (element) => element.setAttribute('line', 'sales'));

/** An answer with no codec but G.729 (RFC 3551 section 4.5.6), which no browser has. */
function answerInG729(text: string): string {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const lines = body.split('\r\n').filter((line) => !/^a=(rtpmap|fmtp):/.test(line));
  const altered = lines
    .map((line) => (line.startsWith('m=audio') ? line.replace(/SAVPF .*/, 'SAVPF 18\r\na=rtpmap:18 G729/8000') : line))
    .join('\r\n');
  return `${head.replace(/^Content-Length: .*/im, `Content-Length: ${Buffer.byteLength(altered)}`)}\r\n\r\n${altered}`;
}

faults('the far end and its sound', (fault) => {
  fault('nothing comes from the far end for 10 s, while the signalling lives', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit();
      const voice = await scene.talk(visitor);
      const { pid } = scene.phone;
      assert.ok(pid);
      process.kill(pid, 'SIGSTOP');
      try {
        await sleep(FROZEN_MS);
        assert.ok(voice.silent);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      const thawed = performance.now();
      await eventually('both hear each other', () => Promise.resolve(voice.back));
      return goesOn(scene, visitor, voice, { recoverMs: since(thawed) });
    }),
  );

  fault('a far end that has no codec in common, and says so', (name) =>
    play(name, async (scene) => {
      const visitor = await scene.visit(undefined, { line: 'incompatible' });
      await visitor.press('button');
      return endsWith(scene, visitor, 'media-failed', async () => {
        await callSales(visitor);
        return performance.now();
      });
    }),
  );

  fault('a far end that has no codec in common, and answers', (name) =>
    play(name, async (scene) => {
      const proxy = await scene.sipProxy();
      proxy.alter = ({ text, from, status, about }) =>
        from === 'gateway' && status === 200 && about === 'INVITE' ? answerInG729(text) : text;
      const visitor = await scene.visit();
      await visitor.press('button');
      return endsWith(scene, visitor, 'media-failed', () => {
        proxy.reset();
        return performance.now();
      });
    }),
  );
});
