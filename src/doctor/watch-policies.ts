import { fail, ok, type PageFinding } from './page-finding.js';

/** Watches what the policies of the page refuse meanwhile: nobody knows them better than the browser. */
export function watchPolicies(): { finding(): Promise<PageFinding>; stop(): void } {
  const refused = new Set<string>();
  const note = ({ effectiveDirective, blockedURI, disposition }: SecurityPolicyViolationEvent): void => {
    if (disposition === 'enforce') refused.add(`${effectiveDirective} does not allow ${blockedURI}`);
  };
  document.addEventListener('securitypolicyviolation', note);
  return {
    async finding() {
      // The event is a task of its own.
      await new Promise((resolve) => setTimeout(resolve));
      if (refused.size === 0) return ok('csp', 'nothing was refused');
      return fail('csp', [...refused].join('; '), 'Add these addresses to the directives that are named.');
    },
    stop: () => document.removeEventListener('securitypolicyviolation', note),
  };
}
