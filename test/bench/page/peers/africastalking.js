import Africastalking from 'africastalking-client';
import { fetchToken, onCall } from './buttons.js';

onCall(async () => {
  const client = new Africastalking.Client(await fetchToken());
  client.on('ready', () => client.call('sales'));
});
