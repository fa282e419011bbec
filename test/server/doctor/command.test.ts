import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { doctorCommand } from '../../../src/server/doctor/cli.js';
import { fail } from '../../../src/server/doctor/finding.js';
import { row } from '../../../src/server/doctor/printer.js';
import type { Finding } from '../../../src/server/doctor/finding.js';
import { Workshop } from '../support/ready-server.js';
import { makeCertificates, type Certificates } from './support/certificates.js';
import { setUp, type SetUp } from './support/set-up.js';

describe('the command doctor', () => {
  let folder: string;
  let certificates: Certificates;
  let system: SetUp;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sautikit-doctor-'));
    certificates = await makeCertificates(folder);
    system = await setUp(certificates);
  });

  after(async () => {
    await system.stop();
    await rm(folder, { recursive: true });
  });

  const run = async (...args: string[]): Promise<{ code: number; out: string; error: string }> => {
    let [out, error] = ['', ''];
    const write = { out: (text: string) => void (out += text), error: (text: string) => void (error += text) };
    return { code: await doctorCommand(args, { ...write, colour: false }), out, error };
  };

  it('prints a row for each look, warns before it calls, and ends with 0', async () => {
    const { code, out, error } = await run(system.url, '--ca', certificates.authorityFile);
    assert.equal(code, 0, out);
    assert.match(out, /^ok {4}secure {2,}https$/m);
    assert.match(out, /^ok {4}rules {2,}\d+ hold\n {32}-> For the limits/m);
    assert.match(out, /\n\d+ well, \d to better, 0 to mend\.\n$/);
    assert.match(error, /^Now asking the gateway for \+830000000000, which nobody has\./);
  });

  it('prints JSON, and ends with 1 where something is to be mended', async () => {
    const { code, out, error } = await run(
      system.url,
      '--ca',
      certificates.authorityFile,
      '--json',
      '--no-callee',
      '--line',
      'none',
    );
    assert.equal(code, 1);
    const report = JSON.parse(out) as { well: boolean; findings: Finding[] };
    assert.equal(report.well, false);
    const endpoint = report.findings.find(({ check }) => check === 'endpoint');
    assert.deepEqual(endpoint, fail('endpoint', 'HTTP 404 not-found', 'Name a line that exists; "none" does not.'));
    assert.equal(error, '');
  });

  it('believes no authority that it is not told of', async () => {
    const { code, out } = await run(system.url);
    assert.equal(code, 1);
    assert.match(out, /^FAIL {2}page.*certificate/m);
  });

  for (const args of [[], ['shop.example'], ['ftp://a.example'], ['http://a', 'http://b'], ['http://a', '--colour']]) {
    it(`does not understand "${args.join(' ')}", and says how it is used`, async () => {
      const { code, error } = await run(...args);
      assert.equal(code, 2);
      assert.match(error, /Usage: doctor <page-url>/);
    });
  }

  it('asks for no number that could be an emergency', async () => {
    const { code, error } = await run('https://shop.example', '--foreign-number', '112');
    assert.equal(code, 2);
    assert.match(error, /--foreign-number is no number/);
  });

  it('is a command of the package', async () => {
    const workshop = await Workshop.open();
    const { code, stdout } = await workshop.run('doctor', '--help');
    await workshop.close();
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: doctor <page-url>/);
  });

  it('shows nothing that could command the terminal', () => {
    const shown = row(fail('page', 'gone\u001b[2J', 'mend\u009b it'));
    assert.match(shown, /gone\?\[2J\n {32}-> mend\? it$/);
  });
});
