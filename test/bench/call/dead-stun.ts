import { createSocket } from 'node:dgram';
import { MEDIA_HOST } from '../../../demo/stack/ports.js';

/** A STUN server as a firewall makes it: packets arrive nowhere, and nothing says so. */
export async function openDeadStun(): Promise<{ url: string; close: () => Promise<void> }> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, MEDIA_HOST, resolve));
  return {
    url: `stun:${MEDIA_HOST}:${socket.address().port}`,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}
