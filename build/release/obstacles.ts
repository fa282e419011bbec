import type { PackageManifest } from '../package-entries.js';

/** What a release depends on. */
export interface ReleaseState {
  manifest: Pick<PackageManifest, 'version'> & { repository?: { url?: string } };
  /** Names in the folder `.changeset`. */
  changesets: readonly string[];
  /** What `git status --porcelain` says. */
  status: string;
  /** Environment variables. */
  env: Readonly<Record<string, string | undefined>>;
}

/** What keeps a release from being made, one sentence each with what to do; none where nothing does. */
export function releaseObstacles({ manifest, changesets, status, env }: ReleaseState): string[] {
  const waiting = changesets.filter((name) => name.endsWith('.md') && name !== 'README.md');
  // Where a provenance statement can be signed: GitHub Actions with `id-token: write`, GitLab with an id token for Sigstore.
  const canSign = Boolean(env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? env['SIGSTORE_ID_TOKEN']);
  return [
    ...(manifest.repository?.url
      ? []
      : ['package.json names no repository: provenance is refused without; add its public address.']),
    ...(waiting.length > 0
      ? [`These changes have no version yet: ${waiting.join(', ')}; run "npm run release:version" and commit.`]
      : []),
    ...(status.trim()
      ? ['There is something that is not committed; commit it, so that what is published can be found.']
      : []),
    ...(canSign ? [] : ['Provenance can be signed in CI only; run the release there (see RELEASING.md).']),
  ];
}
