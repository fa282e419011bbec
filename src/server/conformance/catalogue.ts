/** One rule of the token endpoint's contract, as the grader judges it. */
export interface Rule {
  /** What must hold, in one sentence. */
  rule: string;
  /** How to mend an endpoint that breaks it. */
  mend: string;
}

/** Every check, in the order of the report. */
export const CATALOGUE = {
  transport: {
    rule: 'The endpoint is reached over https.',
    mend: 'Serve it over TLS; plain http is for localhost only, since a grant can be read on its way.',
  },
  answers: {
    rule: 'A page that may call is given a grant: 200 with a JSON object.',
    mend: 'Answer POST with a grant (a backend that knows GET alone: --token-method GET). Name an open line by --line and an allowed page by --origin, if they differ from the defaults.',
  },
  'no-store': {
    rule: 'No cache keeps a grant.',
    mend: 'Send "Cache-Control: no-store" with every answer, and except the path from any page cache or CDN.',
  },
  'content-type': {
    rule: 'A grant is sent as application/json.',
    mend: 'Send "Content-Type: application/json".',
  },
  'one-credential': {
    rule: 'A grant holds exactly one credential: a token, or a user name with a password.',
    mend: 'Send "token", or "username" and "password"; never both.',
  },
  lifetime: {
    rule: 'A grant with a token says when it ends, lives at most 300 seconds, and all that tells the end agrees.',
    mend: 'Set "exp" to "iat" + 300 or less, send "expires_in" as what is left of that, and mint anew for every request.',
  },
  'jwt-algorithm': {
    rule: 'The token is signed: a JWT with "alg" HS256.',
    mend: 'Sign with HS256; never accept or send "alg": "none".',
  },
  'jwt-key': {
    rule: 'The token is not signed with a key that everybody knows.',
    mend: 'Use 32 random bytes as the key, for instance from "openssl rand -base64 32", and revoke what was signed before.',
  },
  'jwt-claims': {
    rule: 'The token says nothing but times and opaque ids, because everybody who holds a JWT can read it.',
    mend: 'Keep "iss", "sub", "iat", "exp", "jti" and "sid" with random ids; who is called stands on the server, by the hash of the token.',
  },
  'no-callee': {
    rule: 'Nothing in the grant tells who is called, nor a secret of the server.',
    mend: 'Leave out numbers, addresses, names and keys; the gateway asks the server whom to call.',
  },
  'field-types': {
    rule: 'The optional fields of the grant have the types of the contract.',
    mend: 'Correct the named field; a page refuses the whole grant because of it.',
  },
  'gateway-url': {
    rule: 'Pages connect to the gateway over TLS.',
    mend: 'Send "gateway_url" with "wss://"; "ws://" is for localhost only.',
  },
  'fresh-grants': {
    rule: "Two grants share neither the token nor the caller's address.",
    mend: 'Mint for every request, with a random "sub" and "jti", and a "sip_uri" of its own.',
  },
  'turn-credentials': {
    rule: 'TURN credentials are for one session and end soon.',
    mend: 'Derive them for each grant, "<end in seconds since 1970>:<id>" with an HMAC as password (coturn: use-auth-secret).',
  },
  renewal: {
    rule: 'A token that is sent back as "renew" is answered with a further one of the same session.',
    mend: 'Keep "sid" and "sip_uri" when the field "renew" holds a token of yours that lives, and give no right to a second call.',
  },
  'same-origin-get': {
    rule: 'Where GET is served, a page of the same origin is known by Sec-Fetch-Site, since browsers then send no Origin.',
    mend: 'Let a request without Origin pass if, and only if, it says "Sec-Fetch-Site: same-origin"; or answer GET with 405.',
  },
  cors: {
    rule: 'A page that may call can read the answer: its origin is echoed exactly.',
    mend: 'Send "Access-Control-Allow-Origin" with the page\'s own origin, never "*", a list or a pattern.',
  },
  vary: {
    rule: 'An answer that depends on the page says so.',
    mend: 'Send "Vary: Origin" with every answer.',
  },
  preflight: {
    rule: 'The question that a browser asks before the request is answered.',
    mend: 'Answer OPTIONS with 204, the origin, "Access-Control-Allow-Methods: POST" and "Access-Control-Allow-Headers: Content-Type".',
  },
  'foreign-origin': {
    rule: 'A page of another site is refused with 403.',
    mend: 'Compare the header Origin with a list of whole origins before anything else.',
  },
  'lookalike-origin': {
    rule: 'Origins that look like the allowed one are refused: longer names, other schemes, other ports.',
    mend: 'Compare by equality, not by startsWith, endsWith, includes or a pattern.',
  },
  'null-origin': {
    rule: 'A sandboxed page, whose Origin is "null", is refused.',
    mend: 'Keep "null" out of the list; any site can make a page with that origin.',
  },
  'missing-origin': {
    rule: 'A request without Origin is refused, unless the browser says that it is of the same origin.',
    mend: 'Refuse with 403 where Origin is missing and Sec-Fetch-Site is not "same-origin".',
  },
  'cors-foreign': {
    rule: 'No page of another site may read what is answered.',
    mend: 'Send Access-Control-Allow-Origin only for origins of your list, also with refusals and preflights.',
  },
  'unknown-line': {
    rule: 'A line that does not exist is refused with 404, whatever its name.',
    mend: 'Look the name up in a table of your own, never as a property, path or query, and answer 404 {"error":"not-found"}.',
  },
  'bad-request': {
    rule: 'A body that is no JSON object, or whose line is no text, is refused with 400.',
    mend: 'Answer 400 {"error":"bad-request"}.',
  },
  oversized: {
    rule: 'A body that is far too long is refused with 413.',
    mend: 'Stop reading after some kilobytes and answer 413 {"error":"bad-request"}.',
  },
  'wrong-method': {
    rule: 'Other methods are refused with 405, and the answer says which are taken.',
    mend: 'Answer 405 {"error":"method-not-allowed"} with the header Allow.',
  },
  'closed-line': {
    rule: 'A closed line answers 200 with "available": false, perhaps when it opens, and no credential.',
    mend: 'Answer {"available": false, "opens_at": "<RFC 3339 time>"} and mint nothing.',
  },
  'refusal-shape': {
    rule: 'Every refusal is JSON with a known code in "error", and a cache keeps none.',
    mend: 'Answer {"error":"<code>"} as application/json with "Cache-Control: no-store", also where a framework refuses.',
  },
  'readable-refusals': {
    rule: 'A page that may call can read why it was refused.',
    mend: 'Send the CORS headers with refusals too, or the page sees nothing but a failed request.',
  },
  'no-details': {
    rule: 'Refusals show no HTML, stack trace or path.',
    mend: 'Switch the framework\'s debug pages off, and answer whatever was thrown with {"error":"server-error"}.',
  },
  'no-cookies': {
    rule: 'The endpoint works without cookies and sets none.',
    mend: 'Switch sessions off for this path.',
  },
  limits: {
    rule: 'Whoever asks again and again is refused, or asked for a proof.',
    mend: 'Limit requests by address and by line: 429 {"error":"rate-limited","retry_after":<seconds>}, or a challenge.',
  },
  'limit-shape': {
    rule: "The limit's refusal says when to come again, or holds a challenge that can be answered.",
    mend: 'Send "retry_after" in seconds in the body (pages of other origins cannot read Retry-After), or "challenge" with its type.',
  },
  'challenge-answer': {
    rule: 'A solved challenge opens the door once.',
    mend: 'Accept the solution in the field "challenge" of the next request, and remember it until its end.',
  },
  'forged-address': {
    rule: 'A forged X-Forwarded-For does not evade the limit.',
    mend: 'Believe forwarding headers only from your own proxies, by address, and then the last entry that they did not write.',
  },
} as const satisfies Record<string, Rule>;

export type CheckId = keyof typeof CATALOGUE;

/** `warn`: works, but worse than it could. `skip`: could not be judged, and `seen` says why. */
export type Outcome = 'pass' | 'warn' | 'fail' | 'skip';

/** What came of one check. */
export interface CheckResult extends Rule {
  id: CheckId;
  outcome: Outcome;
  /** What the endpoint did, in one line; it never holds a credential. */
  seen: string;
}

export function result(id: CheckId, outcome: Outcome, seen: string): CheckResult {
  return { id, outcome, seen, ...CATALOGUE[id] };
}

/** Passes where nothing was found; else fails, or warns, with all that was found. */
export function judge(id: CheckId, faults: readonly string[], good: string, worst: Outcome = 'fail'): CheckResult {
  return faults.length === 0 ? result(id, 'pass', good) : result(id, worst, [...new Set(faults)].join('; '));
}
