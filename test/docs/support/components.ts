/** Components of frameworks, as the documents show them, made into scripts for a page. */
import { transformAsync } from '@babel/core';
import { build, transform, type Plugin } from 'esbuild';
import { compile as compileSvelte } from 'svelte/compiler';
import { compileScript, parse as parseVue } from 'vue/compiler-sfc';
import { ROOT, type Snippet } from './documents.js';

/** What stands around a component, whose module is `component`, so that it is in the page. */
const MOUNTS: Readonly<Record<string, string>> = {
  react: `
    import { createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { CallUs } from 'component';
    createRoot(document.querySelector('main')).render(createElement(CallUs));`,
  hydrated: `
    import { createElement } from 'react';
    import { hydrateRoot } from 'react-dom/client';
    import { renderToString } from 'react-dom/server.browser';
    import { CallUs } from 'component';
    const main = document.querySelector('main');
    main.innerHTML = renderToString(createElement(CallUs));
    hydrateRoot(main, createElement(CallUs));`,
  vue: `
    import { createApp } from 'vue';
    import CallUs from 'component';
    createApp(CallUs).mount('main');`,
  svelte: `
    import { mount } from 'svelte';
    import CallUs from 'component';
    mount(CallUs, { target: document.querySelector('main') });`,
  solid: `
    import { createComponent, render } from 'solid-js/web';
    import { CallUs } from 'component';
    render(() => createComponent(CallUs, {}), document.querySelector('main'));`,
};

/** What the compiler of a framework makes of its own language: JavaScript. */
async function compile({ code, language, purpose }: Snippet): Promise<string> {
  if (language === 'vue') {
    const { descriptor } = parseVue(code);
    return compileScript(descriptor, {
      id: 'component',
      inlineTemplate: true,
      templateOptions: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('sautikit-') } },
    }).content;
  }
  if (language === 'svelte') return compileSvelte(code, { generate: 'client', runes: true }).js.code;
  if (purpose !== 'solid') return (await transform(code, { loader: 'tsx', jsx: 'automatic' })).code;
  const { code: untyped } = await transform(code, { loader: 'tsx', jsx: 'preserve' });
  const compiled = await transformAsync(untyped, {
    presets: ['babel-preset-solid'],
    configFile: false,
    babelrc: false,
  });
  return compiled!.code!;
}

/** The whole of it as one script, with the package as it is published. */
export async function scriptFor(snippet: Snippet, mount: string): Promise<string> {
  const code = await compile(snippet);
  const component: Plugin = {
    name: 'component',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^component$/ }, () => ({ path: 'component', namespace: 'component' }));
      onLoad({ filter: /./, namespace: 'component' }, () => ({ contents: code, resolveDir: ROOT }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: MOUNTS[mount]!, resolveDir: ROOT },
    plugins: [component],
    alias: { '@sautikit/call-button/define': `${ROOT}dist/define.js` },
    conditions: ['browser', 'production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
