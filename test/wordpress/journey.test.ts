import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, ElementHandle } from 'puppeteer-core';
import { buildPlugin } from '../../build/wordpress.js';
import { startStack, type Stack } from '../../demo/stack/stack.js';
import { startWordPress, type WordPress } from '../../demo/wordpress/wordpress.js';
import { assertConforms } from '../support/conforms.js';
import { eventually, launch, Visitor } from '../support/visitor.js';
import { Admin } from './support/admin.js';
import { SETTINGS_PAGE, saveSettings } from './support/settings.js';

/** Another release to be tried than Debian's: a folder. */
const wordpress = process.env['WORDPRESS'];

/** Energy (RMS, 0 to 1) that a voice certainly brings to the phone. */
const VOICE = 0.01;

/** What nobody but administrators may ever read. */
const NUMBER = '+254722000777';
const CALLER_ID = '+254700000888';
const API_KEY = `key-${randomBytes(12).toString('hex')}`;
const SIGNING_KEY = `sign-${randomBytes(12).toString('hex')}`;

interface Reading {
  where: string;
  text: string;
}

describe(`a WordPress from an empty directory to a call that is heard`, () => {
  let site: WordPress;
  let stack: Stack;
  let browser: Browser;
  let admin: Admin;
  let zip: string;
  let secrets: string[];
  /** The page that the editor has made. */
  let page: string;

  before(async () => {
    ({ zip } = await buildPlugin());
    site = await startWordPress({ wordpress });
    stack = await startStack({ allowedOrigins: [new URL(site.url).origin] });
    browser = await launch('chromium');
    secrets = [NUMBER, CALLER_ID, API_KEY, SIGNING_KEY, stack.hookSecret];
  });

  after(async () => {
    await browser?.close();
    await stack?.stop();
    await site?.stop();
  });

  /** Whatever holds a secret, by where it was read. */
  const telling = (readings: readonly Reading[]): string[] =>
    readings.flatMap(({ where, text }) =>
      secrets.some((secret) => text.includes(secret) || text.includes(secret.replace('+', ''))) ? [where] : [],
    );

  it('is set up: the plugin is installed from its zip, by the pages of the admin', async () => {
    admin = await Admin.signIn(browser, site, site.administrator);
    await admin.open('wp-admin/plugin-install.php?tab=upload');
    const upload = await admin.page.waitForSelector('#pluginzip');
    await (upload as ElementHandle<HTMLInputElement>).uploadFile(zip);
    await admin.page.$eval('#install-plugin-submit', (button) => button.removeAttribute('disabled'));
    await admin.follow('#install-plugin-submit');
    await admin.follow('a.button-primary[href*="action=activate"]');
    assert.match(await admin.page.content(), /Sautikit Call Button/);
    const active = await site.run(`echo json_encode(get_option('active_plugins'), JSON_UNESCAPED_SLASHES);`);
    assert.equal(active, '["sautikit-call-button/sautikit-call-button.php"]');
  });

  it('keeps what its owner sets, and shows no key again', async () => {
    const { notices, source } = await saveSettings(admin, {
      'lines.0.name': 'sales',
      'lines.0.number': '+254 722 000-777',
      'lines.0.caller_id': CALLER_ID,
      gateways: stack.addresses.gateway_url,
      domain: stack.domain,
      hook: 'elsewhere',
      hook_url: stack.addresses.hook_url,
      'secrets.hook_secret.new': stack.hookSecret,
      'secrets.signing_key.new': SIGNING_KEY,
      'secrets.api_key.new': API_KEY,
      'look.label': 'Call the shop',
      'look.own_colours': true,
      'look.accent': '#6b0b53',
    });
    assert.deepEqual(notices.length, 1, notices.join('; '));
    assert.match(source, /value="\+254722000777"/);
    for (const key of [stack.hookSecret, SIGNING_KEY, API_KEY]) assert.ok(!source.includes(key));

    // A line that is closed, for the grader; keys whose fields were left empty are kept.
    await saveSettings(admin, { 'lines.1.name': 'night', 'lines.1.scheduled': true });
    const kept = JSON.parse(await site.run(`echo json_encode(get_option('sautikit_call_button_secrets'));`)) as object;
    assert.deepEqual(kept, { hook_secret: stack.hookSecret, signing_key: SIGNING_KEY, api_key: API_KEY });
    const autoloaded = await site.run(`echo json_encode(array_keys(wp_load_alloptions()));`);
    assert.doesNotMatch(autoloaded, /sautikit_call_button(?:_secrets)?"/);
  });

  it('says what makes no sense, and keeps what was there', async () => {
    const { notices } = await saveSettings(admin, {
      gateways: 'http://gateway.example/',
      hook_url: 'http://hook.example/',
      origins: 'https://shop.example/',
      proxies: '10.0.0.0/99',
      'lines.0.number': '0722 000 777',
    });
    assert.equal(notices.length, 5, notices.join('\n'));
    await admin.open(SETTINGS_PAGE);
    assert.equal(
      await admin.page.$eval('#sautikit-gateways', (one) => (one as HTMLInputElement).value),
      stack.addresses.gateway_url,
    );
    assert.match(await admin.page.content(), /value="\+254722000777"/);
  });

  it('shows how the button will look, as its owner chooses', async () => {
    await admin.open(SETTINGS_PAGE);
    await admin.page.waitForSelector('.sautikit-preview sautikit-call-button:defined');
    await admin.fill({
      'sautikit_call_button[look][variant]': 'outline',
      'sautikit_call_button[look][accent]': '#123456',
    });
    const shown = await admin.page.$eval('.sautikit-preview sautikit-call-button', (one) => ({
      variant: one.getAttribute('variant'),
      accent: (one as HTMLElement).style.getPropertyValue('--sautikit-accent'),
    }));
    assert.deepEqual(shown, { variant: 'outline', accent: '#123456' });
  });

  it('has a block, which an editor puts on a page', async () => {
    const editor = await Admin.signIn(browser, site, site.editor);
    await editor.open('wp-admin/post-new.php?post_type=page');
    await editor.page.waitForFunction(() => {
      if (!('wp' in window) || !('blocks' in editorOf())) return false;
      const post = editorOf().data.select('core/editor')?.getCurrentPost();
      return Boolean(post?.type && editorOf().blocks.getBlockType('sautikit/call-button'));
    });
    await editor.page.evaluate(() => {
      const { blocks, data } = editorOf();
      const block = blocks.createBlock('sautikit/call-button', { line: 'sales' });
      data.dispatch('core/block-editor').insertBlocks(block);
      data.dispatch('core/editor').editPost({ title: 'Contact', status: 'publish' });
    });
    const shown = await eventually('the block shows the button', async () => {
      for (const frame of editor.page.frames()) {
        const found = await frame.$('.block-editor-block-list__block sautikit-call-button:defined').catch(() => null);
        if (found) return found;
      }
      return undefined;
    });
    assert.equal(await shown.evaluate((one) => one.getAttribute('label')), 'Call the shop');
    await editor.page.evaluate(() => editorOf().data.dispatch('core/editor').savePost());
    page = await eventually('the page is published', async () => {
      const saved = await editor.page.evaluate(() => {
        const post = editorOf().data.select('core/editor')?.getCurrentPost();
        return post?.status === 'publish' ? post.link : undefined;
      });
      return saved;
    });
    await editor.signOut();
  });

  it('serves a stranger a page from the cache, and the call from there is heard at both ends', async () => {
    await site.switchPageCacheOn();
    const first = await fetch(page);
    assert.equal(first.headers.get('X-Page-Cache'), null);
    assert.match(await first.text(), /<sautikit-call-button /);

    const phone = stack.phone('sales');
    const since = phone.mark();
    const visitor = await Visitor.open(browser, page);
    const cached = await fetch(page);
    assert.equal(cached.headers.get('X-Page-Cache'), 'hit');
    await visitor.press('button');
    await visitor.comesTo('active');
    await visitor.hears('the phone');
    await eventually('the phone hears the visitor', async () => (await phone.recordedEnergy()) > VOICE);
    await visitor.press('hangup');
    assert.equal((await visitor.ended())['outcome'], 'completed');
    await phone.waitFor('CALL_CLOSED', { since });
    const colour = await visitor.page.$eval('sautikit-call-button', (one) =>
      getComputedStyle(one).getPropertyValue('--sautikit-accent'),
    );
    assert.equal(colour.trim(), '#6b0b53');
    assert.deepEqual(visitor.errors, []);
    await visitor.page.close();
  });

  it('tells no number and no key: not to visitors, not to editors', async () => {
    const readings: Reading[] = [];
    for (const path of [
      page,
      '',
      'wp-json/',
      'wp-json/sautikit/v1',
      'feed/',
      'wp-json/sautikit/v1/status?line=sales',
    ]) {
      const url = new URL(path, site.url).href;
      const response = await fetch(url);
      readings.push({ where: url, text: await response.text() });
    }
    const index = readings.find(({ where }) => where.endsWith('wp-json/'))!.text;
    assert.match(index, /"sautikit\\\/v1"/);

    const editor = await Admin.signIn(browser, site, site.editor);
    const post = await site.run(`echo get_page_by_path('contact')->ID;`);
    await editor.open(`wp-admin/post.php?post=${post}&action=edit`);
    readings.push({ where: 'the editor', text: await editor.page.content() });
    const { routes } = JSON.parse(index) as { routes: Record<string, { methods: string[] }> };
    const readable = Object.entries(routes)
      .filter(([path, { methods }]) => methods.includes('GET') && !path.includes('(?P<'))
      .map(([path]) => `${path}?context=edit`);
    assert.ok(readable.length > 20, 'the REST API has routes to look at');
    for (const path of [
      ...readable,
      `/wp/v2/pages/${post}?context=edit`,
      `/wp/v2/block-renderer/sautikit/call-button?context=edit&attributes[line]=sales`,
      '/wp/v2/block-types/sautikit/call-button?context=edit',
    ]) {
      const { text } = await editor.rest(path);
      readings.push({ where: path, text });
    }
    const attributes = readings.find(({ where }) => where.startsWith(`/wp/v2/pages/${post}`))!;
    assert.match(attributes.text, /sautikit\\\/call-button \{\\"line\\":\\"sales\\"\}/);
    // What an editor may edit, as it stands in the database.
    readings.push({
      where: 'posts and their fields',
      text: await site.run(
        `global $wpdb; foreach (['posts', 'postmeta', 'terms', 'comments', 'links'] as $table) echo json_encode($wpdb->get_results('SELECT * FROM ' . $wpdb->prefix . $table));`,
      ),
    });
    assert.deepEqual(telling(readings), []);
    for (const { where, text } of readings) assert.notEqual(text, '', where);

    // That the search can find: an administrator's page has the number.
    await admin.open(SETTINGS_PAGE);
    assert.deepEqual(telling([{ where: 'settings', text: await admin.page.content() }]), ['settings']);

    assert.equal(await editor.open(SETTINGS_PAGE), 403);
    await editor.signOut();
  });

  it('saves nothing without a nonce', async () => {
    await admin.open(SETTINGS_PAGE);
    const status = await admin.page.evaluate(async () => {
      const body = new URLSearchParams({
        option_page: 'sautikit_call_button',
        action: 'update',
        'sautikit_call_button[form]': '1',
      });
      return (await fetch('options.php', { method: 'POST', body })).status;
    });
    assert.equal(status, 403);
    assert.match(await site.run(`echo json_encode(get_option('sautikit_call_button'));`), /"sales"/);
  });

  it('says in Site Health what is well, and what is to be done', async () => {
    const health = async (name: string): Promise<{ status: string; description: string }> =>
      JSON.parse((await admin.rest(`/sautikit/v1/health/${name}`)).text) as { status: string; description: string };
    await admin.open('wp-admin/post-new.php');
    assert.equal((await health('token')).status, 'good', (await health('token')).description);
    assert.equal((await health('microphone')).status, 'good');
    // The stack's certificate is its own.
    const gateway = await health('gateway');
    assert.equal(gateway.status, 'critical');
    assert.match(gateway.description, /SSL|certificate/i);
    assert.equal(await site.run(`echo Sautikit\\CallButton\\Site_Health::https()['status'];`), 'good');

    const broken = join(site.files, 'wp-content/mu-plugins');
    await site.run(`wp_mkdir_p('${broken}');`);
    await writeFile(
      join(broken, 'broken.php'),
      `<?php
      header('Permissions-Policy: camera=(), microphone=()');
      add_filter('rest_post_dispatch', function ($response, $server, $request) {
        if (strpos($request->get_route(), '/token')) $response->header('Cache-Control', 'public, max-age=600');
        return $response;
      }, 1000, 3);`,
    );
    await site.run(`array_map('unlink', glob(WP_CONTENT_DIR . '/cache/pages/*'));`);
    assert.match((await health('microphone')).description, /microphone=\(self\)/);
    assert.match((await health('token')).description, /no-store/);
    await writeFile(
      join(broken, 'broken.php'),
      `<?php add_filter('rest_authentication_errors', fn () => is_user_logged_in() ? true : new WP_Error('rest_not_logged_in', 'No', ['status' => 401]));`,
    );
    assert.match((await health('token')).description, /401 unauthorized/);
    await writeFile(
      join(broken, 'broken.php'),
      `<?php add_filter('home_url', fn ($url) => str_replace('http://127.0.0.1', 'http://shop.example', $url));`,
    );
    assert.equal(await site.run(`echo Sautikit\\CallButton\\Site_Health::https()['status'];`), 'critical');
    await site.run(`unlink('${join(broken, 'broken.php')}');`);
    const stranger = await fetch(`${site.url}wp-json/sautikit/v1/health/token`);
    assert.equal(stranger.status, 401);
    await stranger.text();
  });

  it('floats on every page where its owner wishes', async () => {
    await site.run(`array_map('unlink', glob(WP_CONTENT_DIR . '/cache/pages/*'));`);
    assert.doesNotMatch(await (await fetch(site.url)).text(), /<sautikit-call-button/);
    await saveSettings(admin, { 'floating.on': true, 'floating.line': 'sales' });
    await site.run(`array_map('unlink', glob(WP_CONTENT_DIR . '/cache/pages/*'));`);
    const visitor = await Visitor.open(browser, site.url);
    const { bottom, position } = await visitor.page.$eval('sautikit-call-button', (one) => ({
      bottom: window.innerHeight - one.getBoundingClientRect().bottom,
      position: getComputedStyle(one).position,
    }));
    assert.equal(position, 'fixed');
    assert.ok(bottom >= 0 && bottom < 100, `${bottom}`);
    await visitor.page.close();
    await saveSettings(admin, { 'floating.on': false });
  });

  it('has a shortcode, and tells who can mend it where the line is wrong', async () => {
    const drawn = await site.run(
      `echo do_shortcode('[sautikit_call_button line="sales" label="Piga <b>simu</b>" variant="x"]');`,
    );
    assert.match(drawn, /line="sales"/);
    assert.match(drawn, /label="Piga (?:&lt;b&gt;)?simu/);
    assert.doesNotMatch(drawn, /variant="x"|<b>/);
    assert.equal(await site.run(`echo do_shortcode('[sautikit_call_button line="nobody"]');`), '');
  });

  it('conforms', async () => {
    await assertConforms({ url: `${site.url}wp-json/sautikit/v1/token`, line: 'sales', closedLine: 'night' }, [
      'turn-credentials',
      'same-origin-get',
      'challenge-answer',
    ]);
  });

  it('wrote nothing into the log of PHP', async () => {
    const log = await site.run(`echo @file_get_contents(WP_CONTENT_DIR . '/debug.log');`);
    assert.deepEqual(
      log.split('\n').filter((line) => line.includes('plugins/sautikit-call-button')),
      [],
    );
  });

  it('leaves nothing behind when it is deleted', async () => {
    await site.run(`
      require_once ABSPATH . 'wp-admin/includes/plugin.php';
      require_once ABSPATH . 'wp-admin/includes/file.php';
      deactivate_plugins('sautikit-call-button/sautikit-call-button.php');
      delete_plugins(['sautikit-call-button/sautikit-call-button.php']);
    `);
    const left = await site.run(`
      global $wpdb;
      echo implode(' ', array_merge(
        $wpdb->get_col("SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%sautikit%' OR option_value LIKE '%sautikit%'"),
        $wpdb->get_col("SHOW TABLES LIKE '%sautikit%'"),
        file_exists(WP_PLUGIN_DIR . '/sautikit-call-button') ? ['files'] : []
      ));
    `);
    assert.equal(left, '');
  });
});
