import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core';
import { HOST, takePort } from '../../../demo/stack/ports.js';
import { findProgram } from '../../../demo/stack/processes.js';
import { launchOptions, type BrowserName } from '../browsers.js';
import type { Network } from './network.js';

/** A browser on the visitor's machine of a network. The test drives it by ways that are no network: pipes. */
export async function launchInside(
  name: BrowserName,
  network: Network,
  { executablePath, ...options }: LaunchOptions = launchOptions(name),
): Promise<Browser> {
  const script = join(network.folder, name);
  // It ends with this process, as the network does, which else would last as long as the browser.
  const setpriv = findProgram('setpriv');
  const command = [
    ...(setpriv ? [setpriv, '--pdeathsig', 'KILL', '--'] : []),
    ...network.visitor.enter,
    executablePath!,
  ];
  await writeFile(script, `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(' ')} "$@"\n`);
  await chmod(script, 0o755);
  if (name === 'chromium') return await puppeteer.launch({ ...options, executablePath: script, pipe: true });

  // Firefox is driven over a port of its loopback, which is not ours: a process in there passes it on.
  const port = await takePort('Firefox', 'tcp');
  const inside = `const { stdin, stdout } = process;
    const socket = require('node:net').connect(${port}, '${HOST}');
    stdin.pipe(socket).pipe(stdout);
    for (const stream of [stdin, stdout, socket]) stream.on('error', () => process.exit()).on('close', () => process.exit());`;
  const [program, ...args] = [...network.visitor.enter, process.execPath, '--eval', inside];
  const door = createServer((socket) => {
    const { stdin, stdout } = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    pipeline(socket, stdin, () => stdin.destroy());
    pipeline(stdout, socket, () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(port, HOST, resolve);
  });
  try {
    const browser = await puppeteer.launch({ ...options, executablePath: script, debuggingPort: port });
    browser.once('disconnected', () => door.close());
    return browser;
  } catch (error) {
    door.close();
    throw error;
  }
}
