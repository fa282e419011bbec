/** Looks, before anything is built and published, whether a release can be made. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { releaseObstacles, type ReleaseState } from './obstacles.js';

const obstacles = releaseObstacles({
  manifest: JSON.parse(readFileSync('package.json', 'utf8')) as ReleaseState['manifest'],
  changesets: readdirSync('.changeset'),
  status: execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }),
  env: process.env,
});
for (const obstacle of obstacles) process.stderr.write(`${obstacle}\n`);
process.exitCode = obstacles.length > 0 ? 1 : 0;
