import { isSautikitError } from '../errors.js';
import { answerTo, ChallengeRequired } from '../token/token-challenge.js';
import { parseGrant, type Grant } from '../token/token-grant.js';
import { requestToken, type TokenEndpoint, type TokenRequest } from '../token/token-request.js';
import { examineGateway } from './examine-gateway.js';
import { examineIceServers } from './examine-ice.js';
import { checkMicrophone, checkSecure } from './examine-permissions.js';
import { fail, ok, warn, type PageFinding } from './page-finding.js';
import { watchPolicies } from './watch-policies.js';

const TAG = 'sautikit-call-button';
/** In milliseconds, as the button itself waits. */
const TOKEN_LIMIT = 10_000;

/**
 * Looks at this page and at what its button needs, as only a page can: with its own origin, policies and network. It asks
 * for one grant, opens each gateway's WebSocket and asks the STUN and TURN servers; it registers nobody and calls nobody.
 *
 * @param button the button to look at; default: the first of the page
 */
export async function examinePage(button = document.querySelector<HTMLElement>(TAG)): Promise<PageFinding[]> {
  const policies = watchPolicies();
  try {
    const findings = [checkSecure(), await checkMicrophone()];
    if (!button) {
      findings.push(fail('tag', `no <${TAG}> in the page`, `Put <${TAG} token-url="…"> into it.`));
      return findings;
    }
    findings.push(checkTag());
    const { finding, grant } = await getGrant(button);
    findings.push(finding);
    if (grant) {
      for (const url of grant.gatewayUrls) findings.push(await examineGateway(url));
      findings.push(...(await examineIceServers(grant.iceServers)));
    }
    findings.push(await policies.finding());
    return findings;
  } finally {
    policies.stop();
  }
}

function checkTag(): PageFinding {
  if (customElements.get(TAG)) return ok('tag', 'there, and at work');
  const what =
    "See in the browser's console why its script does not load: address, integrity, Content-Security-Policy.";
  return fail('tag', 'there, but its script is not', what);
}

async function getGrant(button: HTMLElement): Promise<{ finding: PageFinding; grant?: Grant }> {
  const attribute = (name: string): string | undefined => button.getAttribute(name)?.trim() || undefined;
  const url = attribute('token-url');
  if (url === undefined) {
    const provider = 'tokenProvider' in button && button.tokenProvider !== undefined;
    return {
      finding: provider
        ? ok('token-url', 'a tokenProvider of the page stands in, which is not asked')
        : fail('token-url', 'the tag has none', 'Add token-url="…", the address of your token endpoint.'),
    };
  }
  const [method, credentials, line] = ['token-method', 'token-credentials', 'line'].map(attribute);
  const endpoint: TokenEndpoint = {
    url,
    ...(method && { method: method as 'POST' | 'GET' }),
    ...(credentials && { credentials: credentials as RequestCredentials }),
  };
  try {
    const json = await ask(endpoint, line === undefined ? {} : { line });
    const grant = parseGrant(json, attribute('gateway-url')?.split(/\s+/));
    return {
      grant,
      finding: ok('endpoint', `a grant, with a ${grant.credential.kind === 'bearer' ? 'token' : 'password'}`),
    };
  } catch (error) {
    const { code, field } = isSautikitError(error) ? error : { code: 'token-unreachable', field: undefined };
    const seen = field === undefined ? code : `${code}: ${field}`;
    if (code === 'line-closed') return { finding: warn('endpoint', seen, 'Ask again when the line is open.') };
    const what = 'Ask "npx @sautikit/call-button doctor" with the address of this page: it says why.';
    return { finding: fail('endpoint', seen, what) };
  }
}

async function ask(endpoint: TokenEndpoint, request: TokenRequest): Promise<unknown> {
  const signal = AbortSignal.timeout(TOKEN_LIMIT);
  try {
    return await requestToken(endpoint, request, signal);
  } catch (error) {
    if (!(error instanceof ChallengeRequired)) throw error;
    const challenge = await answerTo(error.challenge, undefined, AbortSignal.timeout(TOKEN_LIMIT));
    return await requestToken(endpoint, { ...request, challenge }, AbortSignal.timeout(TOKEN_LIMIT));
  }
}
