import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { takePort } from '../../demo/stack/ports.js';
import { until } from '../../demo/stack/probes.js';
import { findProgram } from '../../demo/stack/processes.js';

/** The small browser that comes with the library; Debian keeps it in a folder of the architecture. */
export const miniBrowserPath = (): string | undefined =>
  ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/libexec']
    .flatMap((folder) => ['webkit2gtk-4.1', 'webkit2gtk-4.0'].map((name) => `${folder}/${name}/MiniBrowser`))
    .find((file) => existsSync(file));

/** A reference to a node in the page, as the WebDriver standard writes it (W3C WebDriver 2, section 12.2). */
type Reference = Record<string, string>;

/** WebKitGTK, driven by plain WebDriver requests, on a screen that nobody sees. */
export class WebKit {
  readonly #programs: ChildProcess[];
  readonly #session: string;

  private constructor(programs: ChildProcess[], session: string) {
    this.#programs = programs;
    this.#session = session;
  }

  static async launch(): Promise<WebKit> {
    const programs: ChildProcess[] = [];
    try {
      const screen = spawn(findProgram('Xvfb')!, ['-displayfd', '1', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      programs.push(screen);
      const [display] = (await once(screen.stdout, 'data')) as [Buffer];
      const port = await takePort('WebKitWebDriver', 'tcp');
      const driver = spawn(findProgram('WebKitWebDriver')!, [`--port=${port}`, '--host=127.0.0.1'], {
        // There is no graphics card to share buffers with.
        env: { ...process.env, DISPLAY: `:${String(display).trim()}`, WEBKIT_DISABLE_DMABUF_RENDERER: '1' },
        stdio: 'ignore',
      });
      programs.push(driver);
      const root = `http://127.0.0.1:${port}`;
      await until('WebKitWebDriver', () => ask('GET', `${root}/status`));
      const options = { binary: miniBrowserPath(), args: ['--automation'] };
      const alwaysMatch = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options };
      const { sessionId } = (await ask('POST', `${root}/session`, { capabilities: { alwaysMatch } })) as {
        sessionId: string;
      };
      return new WebKit(programs, `${root}/session/${sessionId}`);
    } catch (error) {
      for (const program of programs) program.kill();
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await ask('POST', `${this.#session}/url`, { url });
  }

  /** Runs the body of a function in the page. */
  evaluate<T>(script: string): Promise<T> {
    return ask('POST', `${this.#session}/execute/sync`, { script, args: [] }) as Promise<T>;
  }

  /** What assistive technology is told of an element of the page: its role, and its name. */
  async told(selector: string): Promise<{ role: string; name: string }> {
    const found = (await ask('POST', `${this.#session}/element`, {
      using: 'css selector',
      value: selector,
    })) as Reference;
    const element = `${this.#session}/element/${Object.values(found)[0]}`;
    const [role, name] = await Promise.all([
      ask('GET', `${element}/computedrole`),
      ask('GET', `${element}/computedlabel`),
    ]);
    return { role: role as string, name: name as string };
  }

  async close(): Promise<void> {
    await ask('DELETE', this.#session).catch(() => {});
    // The screen last: a browser that loses it complains.
    for (const program of this.#programs.reverse()) {
      const gone = once(program, 'exit');
      program.kill();
      await gone;
    }
  }
}

async function ask(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(30_000),
    ...(body && { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`);
  return value;
}
