import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireProgram } from '../../../demo/stack/processes.js';
import { HOST } from '../../../demo/stack/ports.js';
import type { Certificate } from './sip-proxy.js';

/** What `openssl ca` cannot do without; only it takes both dates of a certificate. */
const settings = (folder: string): string => `
[ca]
default_ca = mine
[mine]
database = ${join(folder, 'index.txt')}
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = IP:${HOST}
`;

/** A certificate that was good for one month, years ago. @param folder where its files are put */
export async function makeExpired(folder: string): Promise<Certificate> {
  const path = (name: string) => join(folder, `expired.${name}`);
  const openssl = (...args: string[]) => promisify(execFile)(requireProgram('openssl', 'openssl'), args);
  await writeFile(path('cnf'), settings(folder));
  await writeFile(join(folder, 'index.txt'), '');
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', path('key')];
  await openssl('req', '-new', ...key, '-subj', `/CN=${HOST}`, '-out', path('csr'));
  const dates = ['-startdate', '20240101000000Z', '-enddate', '20240201000000Z'];
  const files = ['-in', path('csr'), '-keyfile', path('key'), '-out', path('pem')];
  await openssl('ca', '-config', path('cnf'), '-selfsign', '-batch', '-notext', ...dates, ...files);
  return { certificate: path('pem'), key: path('key') };
}

/** Flags of a Chromium that believes this certificate and no other that nobody signed. */
export function trusting({ certificate }: Certificate): string[] {
  const key = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: 'spki', format: 'der' });
  return [`--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`];
}
