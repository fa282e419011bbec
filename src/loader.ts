/**
 * For systems that can only paste a classic script: it adds the module, by its hash, from the folder that it came from.
 * Old browsers and tag managers read this file too, so it keeps to ES5, where parameters are variables without a word.
 */
declare const __ENTRY_FILE__: string;
declare const __ENTRY_INTEGRITY__: string;

interface LoaderPolicies {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(url: string): string };
}

(function (name: string, tag: HTMLScriptElement, own: HTMLScriptElement | null, url: string) {
  own = own || document.querySelector('script[src*="' + name + '.loader."]');
  // Of two versions the first is at work; the name is in the address of each.
  if (!own || document.querySelector('script[type=module][src*="/' + name + '."]')) return;
  url = own.src.replace(/[^/]*([?#].*)?$/, '') + __ENTRY_FILE__.slice(2);
  tag.type = 'module';
  tag.integrity = __ENTRY_INTEGRITY__;
  tag.crossOrigin = own.crossOrigin || 'anonymous';
  tag.nonce = own.nonce;
  try {
    url = (window as unknown as { trustedTypes: LoaderPolicies }).trustedTypes
      .createPolicy(name + '-loader', {
        createScriptURL: function () {
          return url;
        },
      })
      .createScriptURL(url);
  } catch {
    // There are none, or the page has not allowed the policy; where it insists on one, the assignment fails.
  }
  tag.src = url;
  document.head.appendChild(tag);
})('sautikit-call-button', document.createElement('script'), document.currentScript as HTMLScriptElement | null, '');
