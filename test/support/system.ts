import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findProgram } from '../../demo/stack/processes.js';
import { unpackedPackages, unpackedRoot } from '../../demo/wordpress/packages.js';
import { chromiumPath, firefoxPath } from './browsers.js';
import { findPython } from './python.js';
import { miniBrowserPath } from './webkit.js';

export type Need =
  | 'chromium'
  | 'firefox'
  | 'webkit'
  | 'kamailio'
  | 'rtpengine'
  | 'baresip'
  | 'coturn'
  | 'pulseaudio'
  | 'redis'
  | 'openssl'
  | 'firewall'
  | 'nat64'
  | 'fastapi'
  | 'go'
  | 'php'
  | 'wordpress';

export interface Missing {
  what: Need;
  /** What is not tested without it, in one line. */
  untested: string;
}

interface Part {
  /** All of them must be there. */
  files: () => (string | undefined)[];
  packages: string[];
  /** Brings what is unpacked rather than installed. */
  fetch?: () => Promise<unknown>;
  untested: string;
}

const STACK = 'calls through the real SIP stack (Kamailio, rtpengine, baresip)';

/** Kamailio's modules come in packages of their own; one of each tells whether its package is there. */
const kamailioModules = ['tls', 'websocket', 'http_client', 'json', 'outbound'];

const PARTS: Record<Need, Part> = {
  chromium: {
    files: () => [chromiumPath()],
    packages: ['chromium'],
    untested: 'everything in Chromium: the element, calls, sizes',
  },
  firefox: {
    files: () => [firefoxPath()],
    packages: ['firefox-esr'],
    untested: 'everything in Firefox: the element, calls',
  },
  webkit: {
    files: () => [findProgram('WebKitWebDriver'), miniBrowserPath(), findProgram('Xvfb')],
    packages: ['webkit2gtk-driver', 'xvfb'],
    untested: 'a browser without WebRTC: WebKit as Debian builds it',
  },
  kamailio: {
    files: () => [
      findProgram('kamailio'),
      findProgram('openssl'),
      findProgram('cc'),
      ...kamailioModules.map(kamailioModule),
    ],
    packages: [
      'kamailio',
      'kamailio-tls-modules',
      'kamailio-websocket-modules',
      'kamailio-utils-modules',
      'kamailio-json-modules',
      'kamailio-outbound-modules',
      'openssl',
      'gcc',
      'libc6-dev',
    ],
    untested: STACK,
  },
  rtpengine: { files: () => [findProgram('rtpengine')], packages: ['rtpengine-daemon'], untested: STACK },
  pulseaudio: {
    files: () => [findProgram('pulseaudio')],
    packages: ['pulseaudio'],
    untested: 'the front page in Firefox, which starts no AudioContext without a sound output',
  },
  coturn: {
    files: () => [findProgram('turnserver')],
    packages: ['coturn'],
    untested: 'calls through a TURN relay, and `npm run stack` itself',
  },
  redis: {
    files: () => [findProgram('redis-server')],
    packages: ['redis-server'],
    untested: 'the server half, whose stores and limits several servers share in Redis',
  },
  openssl: {
    files: () => [findProgram('openssl')],
    packages: ['openssl'],
    untested: 'the server half, where the doctor looks at certificates',
  },
  firewall: {
    files: () => [...['ip', 'iptables', 'nsenter', 'mount'].map(findProgram), namespaceMaker()],
    packages: ['iproute2', 'iptables', 'util-linux', 'mount'],
    untested: 'a call through a firewall, which takes root and network namespaces',
  },
  nat64: {
    files: () => [findProgram('tayga')],
    packages: ['tayga'],
    untested: 'faults of networks that have IPv6 alone',
  },
  fastapi: {
    files: () => [findPython()],
    packages: ['python3-fastapi', 'python3-uvicorn', 'python3-jwt'],
    untested: 'the recipe for backends in Python',
  },
  go: { files: () => [findProgram('go')], packages: ['golang-go'], untested: 'the recipe for backends in Go' },
  php: { files: () => [findProgram('php')], packages: ['php-cli'], untested: 'the recipe for backends in PHP' },
  wordpress: {
    files: () => [unpackedRoot()],
    packages: ['php-cli'],
    fetch: unpackedPackages,
    untested: 'the plugin in a real WordPress',
  },
  baresip: { files: () => [findProgram('baresip')], packages: ['baresip-core'], untested: STACK },
};

/**
 * Sees to it that what tests need from the system is there: installs it where it may, and says what is missing where it
 * may not, so that nothing stays untested in silence.
 */
export async function ensureSystem({ need }: { need: readonly Need[] }): Promise<{ missing: Missing[] }> {
  const absent = need.filter((what) => !isThere(what));
  if (absent.length > 0 && mayInstall()) {
    await install(absent.flatMap((what) => PARTS[what].packages)).catch((error: Error) => {
      console.error(`The installation failed: ${error.message.split('\n')[0]}`);
    });
  }
  for (const { fetch } of absent.map((what) => PARTS[what])) {
    await fetch?.().catch((error: Error) => console.error(`Nothing was unpacked: ${error.message.split('\n')[0]}`));
  }
  return {
    missing: absent.filter((what) => !isThere(what)).map((what) => ({ what, untested: PARTS[what].untested })),
  };
}

function isThere(what: Need): boolean {
  return PARTS[what].files().every((file) => file !== undefined);
}

function kamailioModule(name: string): string | undefined {
  const folders = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    '/usr/local/lib64',
  ];
  return folders.map((folder) => `${folder}/kamailio/modules/${name}.so`).find((file) => existsSync(file));
}

/** The program that makes namespaces, where this process may make any. */
function namespaceMaker(): string | undefined {
  const unshare = findProgram('unshare');
  const made = unshare && spawnSync(unshare, ['--net', '--mount', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return made ? unshare : undefined;
}

function mayInstall(): boolean {
  if (process.getuid?.() !== 0 || !findProgram('apt-get') || !existsSync('/etc/os-release')) return false;
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

const POLICY = '/usr/sbin/policy-rc.d';

async function install(packages: string[]): Promise<void> {
  console.log(`Installing ${packages.join(' ')} with apt-get`);
  // Packages of servers start them as they are installed, on ports and addresses that nobody asked for: 101 forbids it.
  const ours = !existsSync(POLICY);
  if (ours) {
    await writeFile(POLICY, '#!/bin/sh\nexit 101\n');
    await chmod(POLICY, 0o755);
  }
  try {
    await aptGet('update', '-q');
    await aptGet('install', '-q', '-y', '--no-install-recommends', ...packages);
  } finally {
    if (ours) await rm(POLICY, { force: true });
  }
}

async function aptGet(...args: string[]): Promise<void> {
  await promisify(execFile)('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
}
