import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Program, requireProgram } from '../../../demo/stack/processes.js';
import { requirePython } from '../../support/python.js';

const RECIPES = fileURLToPath(new URL('../../../demo/recipes', import.meta.url));

export type Language = 'FastAPI' | 'Go' | 'PHP';

/** What a recipe reads from its environment. */
export interface Settings extends Record<string, string> {
  ALLOWED_ORIGINS: string;
  SIGNING_KEY: string;
  HOOK_URL: string;
  HOOK_SECRET: string;
  GATEWAY_URL: string;
  SIP_DOMAIN: string;
}

export interface Recipe {
  tokenUrl: string;
  /** Ends it, and removes what it needed meanwhile. */
  stop(): Promise<void>;
}

/** In milliseconds: how long a recipe may take until it answers, on a machine that has much else to do. */
const START_LIMIT = 60_000;

/** Starts a recipe as its own comment says, on a free port. */
export async function startRecipe(language: Language, settings: Settings): Promise<Recipe> {
  const folder = await mkdtemp(join(tmpdir(), 'sautikit-recipe-'));
  const port = await freePort();
  let crashed: Error | undefined;
  let program: Program | undefined;
  const stop = async (): Promise<void> => {
    await program?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const [command = '', ...args] = await commandOf(language, port, folder);
    const env = { ...settings, ...UNPROXIED, LISTEN: `127.0.0.1:${port}`, PYTHONDONTWRITEBYTECODE: '1' };
    const onCrash = (error: Error): void => void (crashed = error);
    program = new Program({ name: language, command, args, env, folder, verbose: false, onCrash });
    const tokenUrl = `http://127.0.0.1:${port}/api/sip-token`;
    for (const end = Date.now() + START_LIMIT; !(await answers(tokenUrl)); await pause(50)) {
      if (crashed) throw crashed;
      if (Date.now() > end) throw new Error(`${language} does not answer`);
    }
    return { tokenUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The hook is on this machine, whatever leads out of it. */
const UNPROXIED = { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };

async function commandOf(language: Language, port: number, folder: string): Promise<string[]> {
  const address = ['--host', '127.0.0.1', '--port', String(port)];
  switch (language) {
    case 'FastAPI':
      return [
        ...[requirePython(), '-m', 'uvicorn', 'token_endpoint:app', '--app-dir', RECIPES],
        ...['--no-proxy-headers', ...address],
      ];
    case 'PHP':
      return [requireProgram('php', 'php-cli'), '-S', `127.0.0.1:${port}`, join(RECIPES, 'token_endpoint.php')];
    case 'Go': {
      const program = join(folder, 'token_endpoint');
      const go = requireProgram('go', 'golang-go');
      // The cache too goes into the folder: whoever runs the tests may have no home, or want it left alone.
      const env = { ...process.env, GOCACHE: join(folder, 'cache'), GOFLAGS: '', GO111MODULE: 'off' };
      await promisify(execFile)(go, ['build', '-o', program, join(RECIPES, 'token_endpoint.go')], { env });
      return [program];
    }
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    async (response) => (await response.text(), true),
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
