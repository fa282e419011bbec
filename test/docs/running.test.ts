import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it, mock } from 'node:test';
import { build, transform } from 'esbuild';
import { eventually } from '../support/visitor.js';
import { allDocuments, ROOT, type Snippet } from './support/documents.js';
import { serverSurroundings } from './support/surroundings-of-servers.js';
import { useHouse } from './support/use-house.js';

const snippets = allDocuments()
  .flatMap((document) => document.snippets)
  // What a page had before it had ours is only type-checked.
  .filter(({ language, purpose }) => /^(js|ts)$/.test(language) && purpose !== 'before');
const isForServers = ({ code }: Snippet) => /call-button\/server'|\bcreate[A-Z]\w+\(\{|createClientAddress/.test(code);
const nameOf = ({ path, number }: Snippet) => `${path}, ${number}`;

describe('code for servers, with the package as it is published', () => {
  let folder: string;
  let surroundings: Awaited<ReturnType<typeof serverSurroundings>>;
  const servers: Server[] = [];
  let runs = 0;
  const { listen } = Server.prototype;

  before(async () => {
    // Inside of the package, which so finds itself by its name.
    await mkdir(join(ROOT, '.cache'), { recursive: true });
    folder = await mkdtemp(join(ROOT, '.cache/snippets-'));
    surroundings = await serverSurroundings();
    Object.assign(globalThis, surroundings);
    for (const name of ['SIGNING_KEY', 'HOOK_SECRET', 'CHALLENGE_SECRET', 'TURN_SECRET', 'WEBHOOK_SECRET'])
      process.env[name] = surroundings.secret;
    // Nobody has a Redis at that address, and port 8080 may be somebody's.
    mock.method(surroundings.Redis.prototype, 'connect', () => Promise.resolve());
    mock.method(Server.prototype, 'listen', function (this: Server) {
      servers.push(this);
      return Reflect.apply(listen, this, [0, '127.0.0.1']) as Server;
    });
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  after(async () => {
    mock.restoreAll();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async ({ path, number, code, language }: Snippet): Promise<void> => {
    const { code: script } = await transform(code, { loader: language as 'js' | 'ts' });
    const file = join(folder, `${path.replace(/\W/g, '-')}-${number}.mjs`);
    await writeFile(file, script);
    // A second time it runs again.
    await import(`${file}?${(runs += 1)}`);
  };

  for (const snippet of snippets.filter(isForServers)) it(`runs: ${nameOf(snippet)}`, () => run(snippet));

  it('gives a grant to the page of the first five minutes, and to no other', async () => {
    await run(snippets.find((one) => one.path === 'docs/start.md' && isForServers(one))!);
    const [server] = servers;
    if (!server!.listening) await once(server!, 'listening');
    const ask = (origin: string) =>
      fetch(`http://127.0.0.1:${(server!.address() as AddressInfo).port}/api/sip-token`, {
        method: 'POST',
        headers: { Origin: origin, 'Content-Type': 'application/json' },
        body: JSON.stringify({ line: 'sales' }),
      });
    const response = await ask('https://shop.example');
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { gateway_url: string }).gateway_url, 'wss://gateway.example/');
    assert.equal((await ask('https://thief.example')).status, 403);
  });

  it('lets nobody in by the example for webhooks whose signature is not ours', async () => {
    await run(snippets.find(({ code }) => code.includes('verifyWebhook('))!);
    const handler = surroundings.posted.get('/calls') as (context: object) => Promise<number>;
    const raw = new Request('https://shop.example/calls', { method: 'POST', body: '{}' });
    assert.equal(await handler({ req: { raw }, body: (_: null, status: number) => status }), 401);
  });
});

describe('code for pages, with the package as it is published', () => {
  const use = useHouse('');

  const entry = (name: string) => `${ROOT}dist/${name}.js`;
  const bundle = async (code: string): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: ROOT },
      alias: Object.fromEntries(
        ['define', 'client', 'doctor', 'index'].map((name) => [
          `@sautikit/call-button${name === 'index' ? '' : `/${name}`}`,
          entry(name),
        ]),
      ),
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'error',
    });
    return outputFiles[0]!.text.replaceAll('</script', '<\\/script');
  };

  for (const snippet of snippets.filter((one) => !isForServers(one))) {
    it(`runs, and a call after it: ${nameOf(snippet)}`, async () => {
      const page = await use.browser.newPage();
      const errors: string[] = [];
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      const script = await bundle(`${snippet.code}\nimport '@sautikit/call-button/define';\nglobalThis.ran = true;\n`);
      const url = use.house.show({
        html: `<!doctype html><link rel="icon" href="data:,">
          <script>
            var told = [];
            for (const name of ['showEnd', 'showFailure', 'showTimer']) window[name] = () => told.push(name);
          </script>
          <sautikit-call-button id="button" token-url="/api/sip-token" line="sales">Call us</sautikit-call-button>
          <script type="module">${script}</script>`,
      });
      await page.goto(url);
      await eventually('it has run', async () => {
        assert.deepEqual(errors, []);
        return await page.evaluate('globalThis.ran');
      });
      const outcome = await page.$eval('sautikit-call-button', async (button) => {
        button.addEventListener('sautikit-call-answered', () => void button.hangup());
        return (await button.call()).outcome;
      });
      assert.equal(outcome, 'completed');
      assert.deepEqual(errors, []);
      if (snippet.code.includes('showEnd(')) assert.match(String(await page.evaluate('told')), /show(End|Timer)/);
      await page.close();
    });
  }
});
