/* A call as the documentation of JsSIP shows it: a UA with a WebSocketInterface, started, registered, and told to call. */
import JsSIP from 'jssip';

const { gatewayUrl, line } = document.documentElement.dataset;

document.querySelector('[data-call]').addEventListener('click', async () => {
  const answer = await fetch('/api/sip-token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ line }),
  });
  const grant = await answer.json();
  // The gateway dials what the grant is for, whatever is asked for.
  const target = grant.sip_uri.replace(/^sip:[^@]*/, 'sip:call');
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(gatewayUrl)],
    uri: grant.sip_uri,
    authorization_jwt: `Bearer ${grant.token}`,
  });
  ua.on('registered', () => {
    const session = ua.call(target, {
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: grant.ice_servers },
    });
    session.connection.addEventListener('track', ({ streams }) => {
      document.querySelector('audio').srcObject = streams[0];
    });
    window.hangUp = () => session.terminate();
  });
  ua.start();
});
