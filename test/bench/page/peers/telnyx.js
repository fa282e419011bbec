import { TelnyxRTC } from '@telnyx/webrtc';
import { fetchToken, onCall } from './buttons.js';

onCall(async () => {
  const client = new TelnyxRTC({ login_token: await fetchToken() });
  client.on('telnyx.ready', () => client.newCall({ destinationNumber: 'sales' }));
  client.connect();
});
