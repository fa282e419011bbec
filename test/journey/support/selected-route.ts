import type { Page } from 'puppeteer-core';

/** The browser's end of the pair of candidates that the sound takes (WebRTC statistics, section 8.12). */
export interface Route {
  candidateType: string | undefined;
  /** Of a relay: how the browser reaches it. */
  relayProtocol: string | undefined;
}

/** By which way the call that is open on this page has its sound. */
export async function selectedRoute(page: Page): Promise<Route> {
  return await page.evaluate(async () => {
    const peer = window.witness.peers.find(({ connectionState }) => connectionState === 'connected');
    if (!peer) throw new Error('No peer connection is connected');
    const reports = new Map<string, { type: string } & Record<string, string | undefined>>();
    (await peer.getStats()).forEach((report) => void reports.set(report.id, report));
    const transport = [...reports.values()].find(({ type }) => type === 'transport');
    const pair = reports.get(transport?.['selectedCandidatePairId'] ?? '');
    const own = reports.get(pair?.['localCandidateId'] ?? '');
    return { candidateType: own?.['candidateType'], relayProtocol: own?.['relayProtocol'] };
  });
}
