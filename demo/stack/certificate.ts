import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MEDIA_HOST } from './ports.js';
import { requireProgram } from './processes.js';

/** A certificate for this start alone: no key lies in the repository, and none that somebody trusted once stays good. */
export async function makeCertificate(folder: string): Promise<{ certificate: string; key: string }> {
  const certificate = join(folder, 'gateway.pem');
  const key = join(folder, 'gateway.key');
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '30',
  ];
  // coturn is reached at the last of them.
  const hosts = ['IP:127.0.0.1', 'IP:127.0.0.2', 'DNS:localhost', `IP:${MEDIA_HOST}`];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', `subjectAltName=${hosts.join(',')}`];
  await promisify(execFile)(requireProgram('openssl', 'openssl'), [
    ...request,
    ...names,
    '-out',
    certificate,
    '-keyout',
    key,
  ]);
  return { certificate, key };
}
