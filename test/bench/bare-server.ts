/** The least that a token endpoint can do: read the request, one HMAC, answer JSON. What the ready server is held to. */
import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const key = randomBytes(32);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { line } = JSON.parse(Buffer.concat(chunks).toString()) as { line: string };
    const token = createHmac('sha256', key).update(`${line}.${Date.now()}`).digest('base64url');
    const body = JSON.stringify({ token, expires_in: 300 });
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
      .end(body);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit());
