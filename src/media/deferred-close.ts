/** An idle moment is waited for this long (ms); a page that is hidden, or busy, may have none. */
const PATIENCE = 500;

/**
 * Makes a connection whose `close()` waits for an idle moment, whoever calls it.
 *
 * Chromium drops the events of a closed connection that were queued and not yet dispatched, and keeps the connection with
 * everything that listens to it until the page goes away, since such an event refers to it. A hang-up is a click, which
 * overtakes what is queued, and often comes just as the connection's state changes. An idle moment comes after every
 * event that is queued, so that nothing is left over. A page that is left waits for nothing: it may come back from the
 * back-forward cache only with its connections closed.
 */
export function createConnection(configuration: RTCConfiguration): RTCPeerConnection {
  const connection = new RTCPeerConnection(configuration);
  const close = connection.close.bind(connection);
  let leaving = false;
  let closing = false;
  const end = (): void => {
    removeEventListener('pagehide', onLeave, true);
    close();
  };
  const onLeave = (): void => {
    leaving = true;
    if (closing) end();
  };
  // Before any other listener, so that whoever hangs up in its own already finds it closed at once.
  addEventListener('pagehide', onLeave, true);
  connection.close = () => {
    // Safari has no idle moments, and does not need them here.
    if (leaving || !globalThis.requestIdleCallback) return end();
    if (closing) return;
    closing = true;
    // What is on its way ends now: it is only the connection that waits.
    for (const sender of connection.getSenders()) void sender.replaceTrack(null).catch(() => {});
    requestIdleCallback(end, { timeout: PATIENCE });
  };
  return connection;
}
