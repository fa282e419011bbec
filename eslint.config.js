import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The layering of the house: what stands in `target` may not import from `from`. Imports point one way, downwards. */
const layers = [
  ['src', ['demo', 'test']],
  ['src/call', ['src/client', 'src/element', 'src/i18n', 'src/media', 'src/server', 'src/sip', 'src/token']],
  ['src/token', ['src/call', 'src/client', 'src/element', 'src/i18n', 'src/media', 'src/server', 'src/sip']],
  ['src/media', ['src/client', 'src/element', 'src/i18n', 'src/server', 'src/sip', 'src/token']],
  ['src/sip', ['src/client', 'src/element', 'src/i18n', 'src/media', 'src/server']],
  ['src/client', ['src/element', 'src/i18n', 'src/server']],
  ['src/doctor', ['src/call', 'src/client', 'src/element', 'src/i18n', 'src/media', 'src/server', 'src/sip']],
  ['src/i18n', ['src/call', 'src/client', 'src/media', 'src/server', 'src/sip', 'src/token']],
  ['src/element', ['src/server', 'src/analytics']],
  ['src/analytics', ['src/call', 'src/client', 'src/i18n', 'src/media', 'src/server', 'src/sip', 'src/token']],
  [
    'src/server',
    ['src/call', 'src/client', 'src/doctor', 'src/element', 'src/i18n', 'src/media', 'src/sip', 'src/token'],
  ],
  ['src/server/!(ready)/**', ['src/server/ready']],
  ['src/server/*.ts', ['src/server/ready']],
];

const zones = layers.flatMap(([target, froms]) =>
  froms.map((from) => ({
    target: `./${target}`,
    from: `./${from}`,
    message: 'Imports point one way: see README, "Layout".',
  })),
);

/** Packages that only some rooms may know. */
const packages = (...names) => ({
  'no-restricted-imports': [
    'error',
    { patterns: names.map((name) => ({ group: [name, `${name}/*`], allowTypeImports: false })) },
  ],
});

export default tseslint.config(
  { ignores: ['dist/', '.cache/', 'src/wordpress/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        importX.createNodeResolver({ extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } }),
      ],
    },
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  // Only the gateway's side knows JsSIP, and only the view knows Lit.
  { files: ['src/**/*.ts'], ignores: ['src/sip/**', 'src/element/**', 'src/i18n/**'], rules: packages('lit', 'jssip') },
  { files: ['src/sip/**/*.ts'], rules: packages('lit') },
  { files: ['src/element/**/*.ts', 'src/i18n/**/*.ts'], rules: packages('jssip') },
  // The handlers run in Bun, Deno and workers too; only the commands, and the adapter's types, know Node.
  {
    files: ['src/server/**/*.ts'],
    ignores: [
      'src/server/ready/**',
      'src/server/doctor/**',
      'src/server/node-listener.ts',
      'src/server/conformance/cli.ts',
    ],
    rules: packages('node:*', 'ioredis', 'jssip', 'lit', 'pino', 'prom-client'),
  },
  { files: ['demo/**', 'test/**', '*.config.*'], rules: { 'no-console': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
