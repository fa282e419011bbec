import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { linksOut } from './links.js';
import { withReference } from './reference.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** An entry of the side bar, where the page is there. */
const page = (text: string, name: string) => (existsSync(at(`../${name}.md`)) ? [{ text, link: `/${name}` }] : []);

const group = (text: string, items: { text: string; link: string }[][]) => ({ text, items: items.flat() });

const sidebar = [
  group('Begin', [
    page('Five minutes', 'start'),
    page('React, Vue, Svelte, Solid', 'frameworks'),
    page('Script tag, versions, integrity', 'cdn'),
    page('WordPress', 'wordpress'),
    page('Site builders, tag managers', 'embeds'),
    page('From a plain SIP widget', 'migration'),
    page('The owner’s check', 'doctor'),
  ]),
  group('The button', [
    page('Reference', 'reference'),
    page('How it looks', 'theming'),
    page('Languages', 'languages'),
    page('What can go wrong', 'errors'),
    page('Reports of calls', 'reports'),
    page('Counting calls', 'analytics'),
    page('Accessibility', 'accessibility'),
    page('Screen readers', 'screen-readers'),
  ]),
  group('Behind it', [
    page('The backend', 'backend'),
    page('In other languages', 'recipes'),
    page('The gateway', 'gateway'),
    page('Security', 'security'),
    page('What a call survives', 'resilience'),
    page('Speed', 'performance'),
    page('Figures', 'figures'),
    page('Releases', 'releasing'),
  ]),
];

/** Pages that nobody has found a place for yet. */
const placed = new Set(['index', ...sidebar.flatMap(({ items }) => items.map(({ link }) => link.slice(1)))]);
const others = readdirSync(at('..')).flatMap((name) => /^(.+)\.md$/.exec(name)?.[1] ?? []);
const unplaced = others.filter((name) => !placed.has(name)).map((name) => page(name, name));
if (unplaced.length > 0) sidebar.push(group('More', unplaced));

export default defineConfig({
  title: 'Sautikit Call Button',
  description:
    'A click-to-call button for any web page: one script tag, one element, a real phone call over WebRTC and SIP',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  cacheDir: at('../../.cache/vitepress'),
  outDir: at('../../.cache/docs'),
  markdown: {
    // Anchors are those of the repository's own view of these files, so that links work in both.
    anchor: { slugify: slug },
    config: linksOut,
  },
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('sautikit-') } } },
  vite: {
    plugins: [
      {
        name: 'reference',
        enforce: 'pre',
        transform: (code, id) => (id === at('../reference.md') ? withReference(code) : undefined),
      },
    ],
  },
  themeConfig: {
    outline: [2, 3],
    sidebar,
    search: {
      provider: 'local',
      options: {
        _render: (text, env, markdown) =>
          markdown.render(env.relativePath === 'reference.md' ? withReference(text) : text, env),
      },
    },
  },
});
