import { fail, ok, type PageFinding } from './page-finding.js';

/** In milliseconds. */
const TIME_LIMIT = 10_000;

/** Opens a WebSocket for SIP and closes it; a browser does not say why one does not open. */
export async function examineGateway(url: string): Promise<PageFinding> {
  const { host } = new URL(url);
  const began = performance.now();
  const opened = await new Promise<boolean>((resolve) => {
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, 'sip');
    } catch {
      // Firefox throws where a policy forbids the address.
      resolve(false);
      return;
    }
    const end = (result: boolean): void => {
      clearTimeout(timer);
      socket.onopen = socket.onerror = null;
      socket.close();
      resolve(result);
    };
    const timer = setTimeout(() => end(false), TIME_LIMIT);
    socket.onopen = () => end(true);
    socket.onerror = () => end(false);
  });
  if (opened) return ok('gateway', `${host}: open after ${Math.round(performance.now() - began)} ms`);
  const what =
    'See that the gateway runs, that its certificate is good, that it allows the origin of this page, and that the Content-Security-Policy does: "npx @sautikit/call-button doctor" says which.';
  return fail('gateway', `${host}: does not open`, what);
}
