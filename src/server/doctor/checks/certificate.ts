import type { ShownCertificate } from '../certificate.js';
import { fail, ok, warn, type Finding } from '../finding.js';

const DAY = 86_400_000;
/** Whoever renews by a program does so a month before the end; below this the program has failed. In days. */
const SOON = 14;

const ADVICE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'Renew it, and have the gateway load the new one.',
  CERT_NOT_YET_VALID: 'Set the clock of the gateway and of whoever made the certificate.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Take a certificate of an authority that browsers know, such as Let’s Encrypt.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Take a certificate of an authority that browsers know, such as Let’s Encrypt.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Have the gateway send the intermediate certificates, too (the "full chain").',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Have the gateway send the intermediate certificates, too (the "full chain").',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Take a certificate for the host that stands in gateway_url, or correct gateway_url.',
};

const SEEN: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'signed by an authority that nobody knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of its authority is not sent',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate of its authority is not sent, or unknown',
  ERR_TLS_CERT_ALTNAME_INVALID: 'for another name',
};

/** @param now in milliseconds since 1970 */
export function judgeCertificate(host: string, { ends, fault }: ShownCertificate, now: number): Finding {
  const days = Math.floor((ends.getTime() - now) / DAY);
  const date = ends.toISOString().slice(0, 10);
  const expired = ends.getTime() < now;
  if (fault !== undefined || expired) {
    const seen = [fault === undefined ? undefined : SEEN[fault], expired ? `expired on ${date}` : undefined];
    const what = seen.filter((one) => one !== undefined).join(', ') || fault;
    return fail('certificate', `${host}: ${what}`, ADVICE[expired ? 'CERT_HAS_EXPIRED' : fault!] ?? 'Replace it.');
  }
  if (days < SOON) {
    return warn('certificate', `${host}: ends in ${days} days, on ${date}`, 'Renew it now, and see why nothing has.');
  }
  return ok('certificate', `${host}: good for ${days} days`, `Renew it before ${date}.`);
}
