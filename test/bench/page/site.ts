import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Subject } from './subjects.js';

const TEXT = 'Our shop is open from nine to five, and somebody who knows answers the telephone. ';

export interface Site {
  url: string;
  /** Address of a page with so many buttons; each call gives another one, with other files as far as caches know. */
  page(subject: Subject, buttons: number): string;
  /** Runs `act` where a page asks for its next file, before that is sent: so a page can have painted when its script comes. */
  holdFiles(act: () => Promise<unknown>): void;
  /** Bytes of body that were sent, as gzip, by path of the address. */
  readonly sent: Map<string, number>;
  stop(): Promise<void>;
}

/** A page of some text around the buttons, as an owner writes it. */
export function pageOf(subject: Subject, buttons: number, mark = ''): string {
  const lines = Array.from({ length: buttons }, () => `<p>${TEXT}</p>\n<div>${subject.button}</div>\n`).join('');
  const head = subject.head.replaceAll('/files/', `/files/${mark}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Shop</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<h1>Shop</h1>
${lines}<p>${TEXT}</p>
</body>
</html>
`;
}

/** Pages and their files on loopback, as gzip, never cached. */
export async function startSite(subjects: readonly Subject[]): Promise<Site> {
  const sent = new Map<string, number>();
  let visits = 0;
  let held: (() => Promise<unknown>) | undefined;

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, kind, first = '', second = ''] = pathname.split('/');
    const send = (type: string, text: string): void => {
      const body = gzipSync(text, { level: 9 });
      sent.set(pathname, body.length);
      response.writeHead(200, {
        'Content-Type': type,
        'Content-Encoding': 'gzip',
        'Content-Length': body.length,
        'Cache-Control': 'no-store',
      });
      response.end(body);
    };
    if (kind === 'blank') return send('text/html', '<!doctype html><title>Blank</title>');
    if (kind === 'page') {
      const subject = subjects.find(({ name }) => name === searchParams.get('subject'))!;
      return send('text/html', pageOf(subject, Number(searchParams.get('buttons')), `${first}/`));
    }
    const file = kind === 'files' && subjects.flatMap(({ files }) => Object.entries(files)).find(([n]) => n === second);
    if (!file) return response.writeHead(404).end();
    // Another text each time for V8's own cache of what it has compiled, of the same length for the figures.
    const text = `${file[1]}\n//${first}`;
    const act = held;
    held = undefined;
    void Promise.resolve(act?.()).then(
      () => send('text/javascript', text),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    page(subject, buttons) {
      const mark = String(++visits).padStart(8, '0');
      return `${url}/page/${mark}?subject=${encodeURIComponent(subject.name)}&buttons=${buttons}`;
    },
    holdFiles(act) {
      held = act;
    },
    sent,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
