import assert from 'node:assert/strict';
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { releaseObstacles, type ReleaseState } from '../../build/release/obstacles.js';
import { manifestOf, NAME, ROOT, run } from './support/published.js';

describe('a release', () => {
  const ready: ReleaseState = {
    manifest: { version: '1.0.0', repository: { url: 'https://git.example/call-button' } },
    changesets: ['config.json', 'README.md'],
    status: '',
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://ci.example/token' },
  };

  it('is made where nothing is in its way', () => {
    assert.deepEqual(releaseObstacles(ready), []);
    assert.deepEqual(releaseObstacles({ ...ready, env: { SIGSTORE_ID_TOKEN: 'x' } }), []);
  });

  const broken: readonly (readonly [why: RegExp, change: Partial<ReleaseState>])[] = [
    [/repository/, { manifest: { version: '1.0.0' } }],
    [/brave-owls\.md/, { changesets: [...ready.changesets, 'brave-owls.md'] }],
    [/not committed/, { status: ' M src/index.ts\n' }],
    [/signed in CI only/, { env: {} }],
  ];
  for (const [why, change] of broken) {
    it(`is not made, for one reason that is told, where that is ${String(why)}`, () => {
      const obstacles = releaseObstacles({ ...ready, ...change });
      assert.equal(obstacles.length, 1);
      assert.match(obstacles[0]!, why);
    });
  }

  it('is published for everybody, with provenance', async () => {
    const { publishConfig } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      publishConfig: object;
    };
    assert.deepEqual(publishConfig, { access: 'public', provenance: true });
  });
});

describe('the changesets', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sautikit-release-'));
    for (const file of ['package.json', 'package-lock.json', 'CHANGELOG.md'])
      await copyFile(join(ROOT, file), join(folder, file));
    await cp(join(ROOT, '.changeset'), join(folder, '.changeset'), { recursive: true });
    await writeFile(join(folder, '.changeset/brave-owls.md'), `---\n'${NAME}': minor\n---\n\nOwls may call.\n`);
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=x', '-c', 'user.email=x@x.example', ...args], { cwd: folder });
    await git('init', '-q', '-b', 'main');
    await git('add', '.');
    await git('commit', '-q', '-m', 'Begin');
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('become a version, and a section at the head of the changelog', async () => {
    const { version } = await manifestOf(folder);
    const [major, minor] = version.split('.').map(Number);
    await run(process.execPath, [join(ROOT, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: folder });
    const next = `${major}.${minor! + 1}.0`;
    assert.equal((await manifestOf(folder)).version, next);
    const changelog = await readFile(join(folder, 'CHANGELOG.md'), 'utf8');
    const headings = changelog.match(/^## .*$/gm)!;
    assert.equal(headings[0], `## ${next}`);
    assert.match(changelog, /Owls may call\./);
  });
});
