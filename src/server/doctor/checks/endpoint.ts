import type { Answer, Endpoint } from '../../conformance/endpoint.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { readGrant, type Grant } from '../grant.js';

/** What a request for a grant brought: the finding, and the grant where there is one. */
export interface Granted {
  finding: Finding;
  grant?: Grant;
}

/**
 * Asks for a grant as the page would.
 * @param why says why the last request got no answer
 */
export async function checkEndpoint(
  endpoint: Endpoint,
  gatewayAttribute: string | undefined,
  why: () => string | undefined,
): Promise<Granted> {
  const answer = await endpoint.grant();
  const { status, json, headers } = answer;
  if (status === 200 && json && json.available !== false) {
    const grant = readGrant(json, gatewayAttribute);
    if (typeof grant === 'string') {
      return { finding: fail('endpoint', grant, 'See "The token endpoint" in the README for what a grant holds.') };
    }
    const allowed = headers.get('Access-Control-Allow-Origin');
    if (!endpoint.sameOrigin && allowed !== endpoint.origin && allowed !== '*') {
      const seen = `Access-Control-Allow-Origin: ${allowed ?? 'none'}, for a page of ${endpoint.origin}`;
      return {
        grant,
        finding: fail('endpoint', seen, 'Echo the origin of the page, or the browser keeps the grant from it.'),
      };
    }
    return {
      grant,
      finding: ok('endpoint', `a grant, with a ${grant.credential.kind === 'bearer' ? 'token' : 'password'}`),
    };
  }
  return { finding: refusal(answer, endpoint, why()) };
}

function refusal(
  { status, json, failure, text, headers }: Answer,
  { url, origin, line }: Endpoint,
  why: string | undefined,
): Finding {
  const code = typeof json?.error === 'string' ? ` ${json.error.slice(0, 40)}` : '';
  const seen = failure ?? `HTTP ${status}${code}`;
  if (status === 0) {
    return fail('endpoint', `${url.href}: ${why ?? seen}`, 'Start the endpoint, and see that the address leads to it.');
  }
  if (json?.available === false) {
    return warn('endpoint', 'the line is closed now', 'Ask again when it is open, or name another: --line <name>.');
  }
  if (!json && /^\s*</.test(text)) {
    const what =
      'The address leads to a page, not to the endpoint: correct token-url, or keep log-in and error pages off it.';
    return fail('endpoint', `HTML instead of JSON (HTTP ${status})`, what);
  }
  if (status >= 300 && status < 400) {
    const what = 'Answer at this address itself: a page follows no redirect to a log-in.';
    return fail('endpoint', `a redirect to ${headers.get('Location') ?? 'nowhere'}`, what);
  }
  if (status === 403) {
    return fail('endpoint', seen, `Allow the origin of the page: ${origin}.`);
  }
  if (status === 404 && json) {
    return fail('endpoint', seen, `Name a line that exists${line === undefined ? '' : `; "${line}" does not`}.`);
  }
  if (status === 404 || status === 405) {
    return fail(
      'endpoint',
      seen,
      'Correct token-url, or answer POST there; for a backend that knows GET alone set token-method="GET".',
    );
  }
  if (status === 429) return fail('endpoint', seen, 'Wait until the limit lets you in, and ask again.');
  if (status >= 500)
    return fail('endpoint', seen, 'Look into the log of the backend: it broke over a question that every page asks.');
  return fail(
    'endpoint',
    json ? seen : `${seen} and no JSON`,
    'Answer 200 with a grant, as "The token endpoint" in the README says.',
  );
}
