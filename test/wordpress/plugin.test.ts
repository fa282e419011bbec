import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { po } from 'gettext-parser';
import type { WordPress } from '../../demo/wordpress/wordpress.js';
import { isOpen, opensAt, type OpeningHours } from '../../src/server/hours.js';
import { filesIn } from '../support/files.js';
import { line, setUp, startPlainSite } from './support/plain-site.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PLUGIN = join(ROOT, 'src/wordpress/sautikit-call-button');
const LANGUAGES = join(PLUGIN, 'languages');
const sources = filesIn(PLUGIN, '.php');

describe('the plugin as it stands', () => {
  it('is PHP, in every file, and nothing runs when it is asked for by its address', () => {
    for (const file of sources) {
      execFileSync('php', ['-l', file], { stdio: 'pipe' });
      assert.match(readFileSync(file, 'utf8'), /defined\( '(?:ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;/, file);
    }
  });

  it('loads nothing from elsewhere', () => {
    for (const file of filesIn(PLUGIN, '').filter((name) => /\.(?:php|js|css|json)$/.test(name))) {
      const addresses = readFileSync(file, 'utf8').match(/https?:\/\/\w[\w-]*(?:\.\w[\w-]*)*/g) ?? [];
      const foreign = addresses.filter((address) => !/\.example$|schemas\.wp\.org$|opensource\.org$/.test(address));
      assert.deepEqual(foreign, [], file);
    }
  });

  it('has every text in its template, and every text of the template in both languages', () => {
    const call =
      /\b(?:__|_e|esc_html__|esc_html_e|esc_attr__|esc_attr_e)\(\s*'((?:[^'\\]|\\.)*)',\s*'sautikit-call-button'\s*\)/g;
    const used = new Set(
      sources.flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(call)].map(([, text]) => text!.replace(/\\(.)/g, '$1')),
      ),
    );
    assert.ok(used.size > 100);
    const texts = (file: string): Map<string, string> => {
      const { translations } = po.parse(readFileSync(join(LANGUAGES, file)));
      const all = Object.entries(translations).flatMap(([context, entries]) =>
        Object.values(entries).map(({ msgid, msgstr }) => [`${context}\u0004${msgid}`, msgstr[0] ?? ''] as const),
      );
      return new Map(all.filter(([key]) => key !== '\u0004'));
    };
    const template = texts('sautikit-call-button.pot');
    const plain = [...template.keys()].filter((key) => key.startsWith('\u0004')).map((key) => key.slice(1));
    assert.deepEqual(plain.sort(), [...used].sort());
    const catalogues = readdirSync(LANGUAGES).filter((name) => name.endsWith('.po'));
    assert.deepEqual(catalogues.sort(), ['sautikit-call-button-fr_FR.po', 'sautikit-call-button-sw.po']);
    for (const file of catalogues) {
      const translated = texts(file);
      assert.deepEqual([...translated.keys()].sort(), [...template.keys()].sort(), file);
      for (const [key, text] of translated) {
        assert.notEqual(text, '', `${file}: ${key}`);
        const places = (one: string): string[] => (one.match(/%(?:\d\$)?s/g) ?? []).sort();
        assert.deepEqual(places(text), places(key), `${file}: ${key}`);
      }
    }
  });

  it('has a readme as the directory of plugins takes it', () => {
    const readme = readFileSync(join(PLUGIN, 'readme.txt'), 'utf8');
    assert.match(readme, /^=== Sautikit Call Button ===\n/);
    for (const header of [
      'Contributors',
      'Tags',
      'Requires at least',
      'Tested up to',
      'Stable tag',
      'Requires PHP',
      'License',
    ]) {
      assert.match(readme, new RegExp(`^${header}: \\S`, 'm'));
    }
    for (const section of [
      'Description',
      'Installation',
      'Frequently Asked Questions',
      'External services',
      'Source code',
      'Changelog',
    ]) {
      assert.match(readme, new RegExp(`^== ${section} ==$`, 'm'));
    }
    // Five words, and a short description of 150 characters, are what the directory shows.
    assert.ok(/^Tags: (.*)$/m.exec(readme)![1]!.split(',').length <= 5);
    assert.ok(readme.split('\n\n')[1]!.trim().length <= 150);
    const main = readFileSync(join(PLUGIN, 'sautikit-call-button.php'), 'utf8');
    const version = /^ \* Version: +(\S+)$/m.exec(main)![1];
    assert.equal(/^Stable tag: (\S+)$/m.exec(readme)![1], version);
    assert.match(main, new RegExp(`const VERSION += '${version}';`));
  });
});

describe('the plugin in a WordPress', () => {
  let site: WordPress;

  before(async () => {
    site = await startPlainSite();
  });

  after(async () => {
    await site?.stop();
  });

  it('has the built script inside, its source beside it, and its languages ready', () => {
    const files = readdirSync(join(site.files, 'wp-content/plugins/sautikit-call-button'), { recursive: true }).map(
      String,
    );
    for (const file of [
      'assets/sautikit-call-button.js',
      'assets/snippet.css',
      'assets/LICENSES.txt',
      'languages/sautikit-call-button-sw.mo',
      'source/src/cdn.ts',
      'LICENSE',
    ]) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(files.some((file) => /^assets\/sautikit-call-button\.engine\..*\.js$/.test(file)));
    assert.ok(!files.some((file) => file.startsWith('source/src/server')));
  });

  it('has a source that makes the script again, to the byte', async () => {
    const plugin = join(site.files, 'wp-content/plugins/sautikit-call-button');
    const folder = await mkdtemp(join(tmpdir(), 'sautikit-source-'));
    try {
      await cp(join(plugin, 'source'), folder, { recursive: true });
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      execFileSync('npm', ['run', 'build:cdn'], { cwd: folder, stdio: 'pipe' });
      for (const file of readdirSync(join(plugin, 'assets')).filter((name) => name.endsWith('.js')))
        assert.deepEqual(
          readFileSync(join(plugin, 'assets', file)),
          readFileSync(join(folder, 'dist/cdn', file)),
          file,
        );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('speaks Swahili and French', async () => {
    const said = async (locale: string): Promise<string> =>
      await site.run(`unload_textdomain('sautikit-call-button');
        load_textdomain('sautikit-call-button', WP_PLUGIN_DIR . '/sautikit-call-button/languages/sautikit-call-button-${locale}.mo');
        echo __('Monday', 'sautikit-call-button');`);
    assert.equal(await said('sw'), 'Jumatatu');
    assert.equal(await said('fr_FR'), 'Lundi');
  });

  it('opens and closes as the server half does, by the clock of the site', async () => {
    const all: OpeningHours[] = [
      { mon: ['08:00-12:30', '13:30-17:00'], tue: ['09:00-24:00'], fri: ['22:00-02:00'] },
      { sun: ['01:00-03:30'], exceptions: { '2026-03-29': ['02:15-02:45'], '2026-10-25': ['02:00-03:00'] } },
      { wed: ['10:00-11:00'], exceptions: { '2026-12-23': [], '2026-12-30': [], '2027-01-02': ['10:00-12:00'] } },
      { exceptions: { '2027-06-01': ['08:00-09:00'] } },
      { exceptions: {} },
    ];
    // Every two hours and eleven minutes: over the changes of the clocks, and over the turn of the year.
    const moments = ['2026-03-27', '2026-10-23', '2026-12-21', '2026-12-31'].flatMap((day) =>
      Array.from({ length: 40 }, (_, index) => Date.parse(`${day}T00:00:00Z`) / 1000 + index * 7860),
    );
    for (const timeZone of ['Africa/Nairobi', 'Europe/Berlin']) {
      const told = JSON.parse(
        await site.run(`update_option('timezone_string', '${timeZone}');
          foreach (json_decode('${JSON.stringify(all)}', true) as $hours) foreach (json_decode('${JSON.stringify(moments)}') as $now)
            $told[] = [Sautikit\\CallButton\\Hours::is_open($hours, $now), Sautikit\\CallButton\\Hours::opens_at($hours, $now)];
          echo json_encode($told);`),
      ) as unknown[];
      const expected = all.flatMap((hours) =>
        moments.map((now) => {
          const at = new Date(now * 1000);
          const opens = opensAt({ hours, timeZone }, at);
          return [isOpen({ hours, timeZone }, at), opens ? opens.getTime() / 1000 : null];
        }),
      );
      assert.deepEqual(told, expected, timeZone);
    }
  });

  it('tells everybody whether a line is open, and nothing else', async () => {
    await setUp(site, {
      lines: {
        sales: line('+254722000001'),
        night: line('+254722000001', { hours: { exceptions: { '2099-01-01': ['08:00-09:00'] } } }),
      },
    });
    const status = async (query: string): Promise<[number, unknown]> => {
      const response = await fetch(`${site.url}wp-json/sautikit/v1/status${query}`);
      return [response.status, await response.json()];
    };
    assert.deepEqual(await status('?line=sales'), [200, { available: true }]);
    assert.deepEqual(await status('?line=night'), [200, { available: false }], 'so far away is never');
    assert.deepEqual(await status('?line=nobody'), [404, { error: 'not-found' }]);
    assert.deepEqual(await status(''), [404, { error: 'not-found' }]);
  });

  it('has its script loaded as a module, with the styles that keep its place', async () => {
    const head = await site.run(
      `echo do_shortcode('[sautikit_call_button line="sales"]'); do_action('wp_enqueue_scripts'); wp_print_styles('sautikit-call-button'); wp_print_scripts('sautikit-call-button');`,
    );
    assert.match(head, /<script type="module" [^>]*assets\/sautikit-call-button\.js\?ver=/);
    assert.match(head, /assets\/snippet\.css/);
    assert.doesNotMatch(head, /254722000001/);
  });
});
