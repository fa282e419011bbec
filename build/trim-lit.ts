import type { Plugin } from 'vite';

/** What in Lit's packages no browser that we support runs, or no template of ours, and what stands there instead. */
const FILES: Readonly<Record<string, readonly (readonly [pattern: RegExp, instead: string])[]>> = {
  'lit-html/lit-html.js': [
    // Lists of versions on `window`, and helpers for older browsers that are looked for there.
    [/\(t\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]*"\)/, '0'],
    [/t\.litHtmlPolyfillSupport/, 'void 0'],
    // A policy's name can be taken once in a page with Trusted Types: not the page's own Lit's, and only by the version
    // that is at work, which is the one that draws.
    [/e=s\?s\.createPolicy\("lit-html",\{createHTML:t=>t\}\):void 0,/, 'e={},'],
    [
      /void 0!==e\?e\.createHTML\(i\):i/,
      's?(e.own??=s.createPolicy("sautikit-call-button",{createHTML:t=>t})).createHTML(i):i',
    ],
    // The check stays: what is no template of ours must not be drawn as one.
    [/(?<=throw Error\()"invalid template strings array"/, ''],
    // Templates of SVG and MathML; a drawing within HTML is HTML's.
    [/2===i\?"<svg>":3===i\?"<math>":""/, '""'],
    [/\(2===i\?"<\/svg>":3===i\?"<\/math>":""\)/, '""'],
    [
      /if\((?=this\.el=S)([^{]*),2===i\|\|3===i\)\{[^}]*\}/,
      'this.el=S.createElement(f,e),P.currentNode=this.el.content;',
    ],
    // What is put into a script, style, textarea or title.
    [/y\.test\(u\[2\]\)&&\(n=RegExp\("<\/"\+u\[2\],"g"\)\),/, ''],
    [/if\(y\.test\(r\.tagName\)\)\{[^{}]*\{[^{}]*\{[^{}]*\}[^{}]*\}\}/, ''],
    // Directives, what is put into a comment, and what is put into a tag beside its attributes.
    [/function M\(t,i,s=t,e\)\{.*?,i\}(?=class R)/, 'const M=(t,i)=>i;'],
    [/else\{let t=-1;for\(;-1!==\(t=r\.data\.indexOf\(o,t\+1\)\);\).*?length-1\}/, ''],
    [/else t\.startsWith\(o\)&&\(d\.push\(\{type:6,index:l\}\),r\.removeAttribute\(t\)\)/, ''],
    [/:6===r\.type&&\(i=new Z\(h,this,t\)\)/, ':0'],
  ],
  '@lit/reactive-element/css-tag.js': [
    // Style sheets that cannot be adopted: Safari before 16.4.
    [/t\.ShadowRoot&&\(.*?CSSStyleSheet\.prototype/, '!0'],
    [/if\(this\._\$cssResult\$=!0,o!==s\)throw Error\("[^"]*"\);/, 'this._$cssResult$=!0;'],
  ],
  '@lit/reactive-element/reactive-element.js': [
    [/\(a\.reactiveElementVersions\?\?=\[\]\)\.push\("[^"]*"\)/, '0'],
    [/a\.reactiveElementPolyfillSupport/, 'void 0'],
    // Decorators, and several style sheets.
    [/Symbol\.metadata\?\?=Symbol\("metadata"\),a\.litPropertyMetadata\?\?=new WeakMap/, '0'],
    [/const t=this\[Symbol\.metadata\];if\(null!==t\)\{.*?\}this\._\$Eh=/, 'this._$Eh='],
    [/static addInitializer\(t\)\{[^}]*\}/, ''],
    [/if\(Array\.isArray\(s\)\)\{.*?\}else void 0!==s&&i\.push/, 'void 0!==s&&i.push'],
    [/void 0!==t\.l&&\(this\.l=\[\.\.\.t\.l\]\),/, ''],
    [/,this\.constructor\.l\?\.forEach\(t=>t\(this\)\)/, ''],
    // Controllers.
    [/addController\(t\)\{[^}]*\}removeController\(t\)\{[^}]*\}/, ''],
    [/,this\._\$EO\?\.forEach\(t=>t\.host\w+\?\.\(\)\)/g, ''],
    [/this\._\$EO\?\.forEach\(t=>t\.host\w+\?\.\(\)\),?/g, ''],
    // Attributes that are neither text nor true or false, and such as are reflected but for their default.
    [/case Object:case Array:t=null==t\?t:JSON\.stringify\(t\)/, ''],
    [/case Number:.*?catch\(t\)\{i=null\}/, ''],
    [/\(void 0!==i\.converter\?\.toAttribute\?i\.converter:u\)/, 'u'],
    [/h="function"==typeof t\.converter\?.*?:u;/, 'h=u;'],
    [/r\?\?this\._\$Ej\?\.get\(e\)\?\?r/, 'r'],
    [/\|\|i\.useDefault&&.*?\(t,i\)\)(?=\))/, ''],
    [/i&&!\(this\._\$Ej\?\?=new Map\)\.has\(t\)&&\(.*?void 0!==r\)\|\|/, ''],
  ],
  'lit-element/lit-element.js': [
    [/\(s\.litElementVersions\?\?=\[\]\)\.push\("[^"]*"\)/, '0'],
    [/s\.litElementPolyfillSupport/, 'void 0'],
    [/s\.litElementHydrateSupport/, '(void 0)'],
  ],
};

/**
 * For the script-tag build, where Lit belongs to us alone: it leaves nothing on `window`, and what this build's browsers
 * and templates never need is left out.
 */
export function trimLit(): Plugin {
  return {
    name: 'trim-lit',
    enforce: 'pre',
    transform(code, id) {
      const file = Object.keys(FILES).find((name) => id.endsWith(name));
      if (!file) return undefined;
      const trimmed = FILES[file]!.reduce((text, [pattern, instead]) => {
        if (!pattern.test(text)) throw new Error(`Lit has changed: nothing in ${file} matches ${pattern}`);
        return text.replace(pattern, () => instead);
      }, code);
      return { code: trimmed, map: null };
    },
  };
}
