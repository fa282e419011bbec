/**
 * Puts a strict policy onto this page for good: no script but those of the page's own files, and with Trusted Types no text
 * that becomes one. Returns what was violated since.
 */
export function imposePolicy(): string[] {
  const violated: string[] = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample, blockedURI }) =>
    violated.push(`${violatedDirective} ${blockedURI} ${sample}`),
  );
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content =
    "script-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'; require-trusted-types-for 'script'; trusted-types lit-html sautikit-call-button-window 'allow-duplicates'";
  document.head.append(meta);
  return violated;
}

/** What no text may become. */
const DANGEROUS = 'script, iframe, object, embed, img, base, link, meta, form';

/** Elements in a tree that nobody has put there but a text that was taken for markup. */
export const intruders = (root: ParentNode): string[] =>
  [...root.querySelectorAll('*')]
    .filter(
      (element) =>
        element.matches(DANGEROUS) ||
        element.getAttributeNames().some((name) => /^on/.test(name)) ||
        /^\s*(javascript|data):/i.test(element.getAttribute('href') ?? ''),
    )
    .map(({ outerHTML }) => outerHTML.slice(0, 200));
