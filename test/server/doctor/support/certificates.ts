import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate with its key, in PEM. */
export interface Pair {
  cert: string;
  key: string;
}

export interface Certificates {
  /** The authority that signed the others, for whoever is to believe it. */
  authority: string;
  authorityFile: string;
  good: Pair;
  expired: Pair;
  /** Good, for `gateway.example`. */
  otherName: Pair;
  /** By nobody but itself. */
  selfSigned: Pair;
  /** Good for three days more. */
  ending: Pair;
}

const run = promisify(execFile);
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority for one run of the tests, and what it has signed. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  await mkdir(at('issued'));
  await writeFile(at('index.txt'), '');
  const policy = '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=issued\nrand_serial=yes\n';
  await writeFile(
    at('ca.cnf'),
    `${policy}default_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n`,
  );
  await openssl(
    'req',
    '-x509',
    ...KEY,
    '-days',
    '7',
    '-subj',
    '/CN=Doctor Test',
    '-out',
    'ca.pem',
    '-keyout',
    'ca.key',
  );

  const issue = async (file: string, names: string, from: Date, to: Date): Promise<Pair> => {
    const extension = ['-addext', `subjectAltName=${names}`];
    await openssl('req', ...KEY, '-subj', `/CN=${file}`, ...extension, '-out', `${file}.csr`, '-keyout', `${file}.key`);
    const times = ['-startdate', asn1(from), '-enddate', asn1(to)];
    const signer = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
    await openssl('ca', '-batch', '-notext', ...signer, ...times, '-in', `${file}.csr`, '-out', `${file}.pem`);
    return await pairOf(at(file));
  };
  const own = 'DNS:localhost,IP:127.0.0.1';
  // One after the other: they share a database.
  const good = await issue('good', own, days(-1), days(90));
  const expired = await issue('expired', own, days(-90), days(-1));
  const otherName = await issue('other', 'DNS:gateway.example', days(-1), days(90));
  const ending = await issue('ending', own, days(-80), days(3));
  const names = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${own}`];
  await openssl('req', '-x509', ...KEY, '-days', '7', ...names, '-out', 'self.pem', '-keyout', 'self.key');
  const selfSigned = await pairOf(at('self'));
  const authority = await readFile(at('ca.pem'), 'utf8');
  return { authority, authorityFile: at('ca.pem'), good, expired, otherName, ending, selfSigned };
}

async function pairOf(path: string): Promise<Pair> {
  return { cert: await readFile(`${path}.pem`, 'utf8'), key: await readFile(`${path}.key`, 'utf8') };
}

function days(count: number): Date {
  return new Date(Date.now() + count * 86_400_000);
}

/** YYMMDDHHMMSSZ, as ASN.1 has it. */
function asn1(date: Date): string {
  return `${date
    .toISOString()
    .replaceAll(/[-:T]|\..*/g, '')
    .slice(2)}Z`;
}
