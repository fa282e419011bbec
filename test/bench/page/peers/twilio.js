import { Device } from '@twilio/voice-sdk';
import { fetchToken, onCall } from './buttons.js';

onCall(async () => {
  const device = new Device(await fetchToken());
  await device.connect({ params: { To: 'sales' } });
});
