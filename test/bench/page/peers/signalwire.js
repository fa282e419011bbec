import { SignalWire } from '@signalwire/js';
import { fetchToken, onCall } from './buttons.js';

onCall(async () => {
  const client = await SignalWire({ token: await fetchToken() });
  const call = await client.dial({ to: '/public/sales', audio: true, video: false });
  await call.start();
});
