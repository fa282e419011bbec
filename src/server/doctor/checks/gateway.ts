import { isLocal } from '../../conformance/grant-faults.js';
import { lookAtCertificate } from '../certificate.js';
import { fail, ok, unseen, type Finding } from '../finding.js';
import { HandshakeRefused, SipLink } from '../sip/sip-link.js';
import { reason } from '../web.js';
import { judgeCertificate } from './certificate.js';

export interface Gateway {
  findings: Finding[];
  /** Open, where a browser would have come so far. */
  link?: SipLink;
}

/** Connects to one gateway as a page of `origin` would. */
export async function checkGateway(address: string, origin: string, ca: string[] | undefined): Promise<Gateway> {
  const url = new URL(address);
  if (url.protocol === 'ws:' && isLocal(url.hostname)) {
    const opened = await open(url, origin, ca, false);
    return { ...opened, findings: [...opened.findings, ok('certificate', 'none is needed on this machine')] };
  }
  if (url.protocol !== 'wss:') {
    const seen = `${url.protocol}//${url.host}`;
    return {
      findings: [fail('gateway', seen, 'Name the gateway by "wss://…": pages that are secure connect to no other.')],
    };
  }
  try {
    const certificate = judgeCertificate(url.host, await lookAtCertificate(url, ca), Date.now());
    const untrusted = certificate.verdict === 'fail';
    const { findings, link } = await open(url, origin, ca, untrusted);
    // A grant is shown to nobody who cannot prove who he is.
    if (untrusted) await link?.close();
    return { findings: [...findings, certificate], ...(link && !untrusted && { link }) };
  } catch (error) {
    const what = 'Start the gateway, open its port in the firewall, and see that gateway_url leads to it.';
    return {
      findings: [fail('gateway', `${url.host}: ${reason(error)}`, what), unseen('certificate', 'none was shown')],
    };
  }
}

async function open(url: URL, origin: string, ca: string[] | undefined, unverified: boolean): Promise<Gateway> {
  const began = performance.now();
  try {
    const link = await SipLink.open(url.href, { origin, ca, unverified });
    return { findings: [ok('gateway', `${url.host}: open after ${Math.round(performance.now() - began)} ms`)], link };
  } catch (error) {
    return { findings: [fault(url, origin, error)] };
  }
}

function fault(url: URL, origin: string, error: unknown): Finding {
  if (error instanceof HandshakeRefused) {
    const { status } = error;
    const todo: Readonly<Record<number, string>> = {
      403: `Allow the origin of the page at the gateway: ${origin}.`,
      404: 'Correct the path in gateway_url.',
      429: 'Wait until the limit of the gateway lets you in, and ask again.',
    };
    const otherwise = 'Have the proxy in front pass "Upgrade: websocket" on, and see that gateway_url leads to SIP.';
    return fail('gateway', `${url.host}: HTTP ${status} to the WebSocket handshake`, todo[status] ?? otherwise);
  }
  const seen = reason(error);
  if (/subprotocol/i.test(seen)) {
    return fail(
      'gateway',
      `${url.host}: a WebSocket, but not for "sip"`,
      'Correct gateway_url: what answers there is no SIP gateway (RFC 7118).',
    );
  }
  const what = 'Start the gateway, open its port in the firewall, and see that gateway_url leads to it.';
  return fail('gateway', `${url.host}: ${seen}`, what);
}
