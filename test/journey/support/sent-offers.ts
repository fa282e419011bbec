import type { Page } from 'puppeteer-core';

/** An INVITE as it left the page, and how far its connection had come with its candidates. */
export interface SentOffer {
  gathering: RTCIceGatheringState;
  /** Candidates of the offer: addresses, or names that end in `.local`. */
  addresses: string[];
  /** Peer connections that the page had made by then. */
  peers: number;
  /** Milliseconds since the connection was made. */
  age: number;
}

declare global {
  interface Window {
    sentOffers: SentOffer[];
  }
}

/** Has the page remember every INVITE that leaves it. */
export async function rememberOffers(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    window.sentOffers = [];
    const made: { peer: RTCPeerConnection; at: number }[] = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push({ peer: this, at: performance.now() });
      }
    };
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      const { peer, at } = made.at(-1) ?? {};
      if (typeof data === 'string' && data.startsWith('INVITE ') && peer && at !== undefined) {
        window.sentOffers.push({
          gathering: peer.iceGatheringState,
          addresses: [...data.matchAll(/^a=candidate:\S+ \d+ \S+ \d+ (\S+) /gm)].map(([, address]) => address!),
          peers: made.length,
          age: Math.round(performance.now() - at),
        });
      }
      send.call(this, data);
    };
  });
}

/** Adds fields to every grant that the page gets, as its server might have written them. */
export async function addToGrants(page: Page, fields: Record<string, unknown>): Promise<void> {
  await page.evaluateOnNewDocument((more: Record<string, unknown>) => {
    const { fetch } = window;
    window.fetch = async (...args: Parameters<typeof fetch>) => {
      const response = await fetch(...args);
      if (!new URL(response.url).pathname.endsWith('/sip-token')) return response;
      const grant = (await response.json()) as object;
      return Response.json({ ...grant, ...more });
    };
  }, fields);
}
