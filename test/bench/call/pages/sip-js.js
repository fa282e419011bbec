/* A call as the documentation of SIP.js shows it: a SimpleUser that connects, registers and calls. */
import { Web } from 'sip.js';

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
  const extraHeaders = [`Authorization: Bearer ${grant.token}`];
  const registered = Promise.withResolvers();
  const user = new Web.SimpleUser(gatewayUrl, {
    aor: grant.sip_uri,
    media: { constraints: { audio: true, video: false }, remote: { audio: document.querySelector('audio') } },
    registererOptions: { extraHeaders },
    delegate: { onRegistered: registered.resolve },
    userAgentOptions: {
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: grant.ice_servers } },
      // It writes every message to the console, which costs more under a debugger than on a visitor's machine.
      logBuiltinEnabled: false,
    },
  });
  window.hangUp = () => user.hangup();
  await user.connect();
  await user.register();
  await registered.promise;
  await user.call(target, { extraHeaders });
});
