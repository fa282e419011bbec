import type { Grant, GrantStore, Scope } from './grants.js';
import { MintFailure } from './mint/mint-failure.js';
import type { MintedCredential, MintProvider } from './mint/mint-provider.js';
import { randomId, sha256Hex } from './secrets.js';

export interface GrantIssuerOptions {
  mint: MintProvider;
  grants: GrantStore;
  /** Host of the SIP addresses that are given out. */
  domain: string;
  scope: readonly Scope[];
}

/** A grant that is in the store now, and the credential that the browser gets for it. */
export interface Issued {
  minted: MintedCredential;
  grant: Grant;
}

/** What a grant is good for, as far as the request says it. */
export type GrantFacts = Pick<Grant, 'line' | 'origin' | 'context'>;

/** Has credentials made and puts the record of each into the store. */
export class GrantIssuer {
  readonly #options: GrantIssuerOptions;

  constructor(options: GrantIssuerOptions) {
    this.#options = options;
  }

  /**
   * The start of a session.
   * @param timed Whether the line, which is open now, can close.
   */
  async fresh(subject: string, facts: GrantFacts, timed: boolean): Promise<Issued> {
    const { mint, grants, domain, scope } = this.#options;
    const sid = randomId();
    return await this.#distinct(async () => {
      const minted = await mint.mint(request(subject, sid, scope, facts.line));
      const sub = `sip:${minted.sub ?? subject}@${domain}`;
      const exp = seconds(minted.expiresAt);
      const grant: Grant = { sid, scope, sub, exp, ...facts, ...(timed && { openUntil: exp }) };
      return (await grants.put(minted.key, grant)) ? { minted, grant } : 'taken';
    });
  }

  /**
   * The record of the session that a token belongs to, if it could go on with these facts.
   * @param subject Who is signed in now, where somebody must be: a session is not handed on to the next one.
   */
  async renewable(token: string, facts: GrantFacts, subject: string | undefined): Promise<Grant | undefined> {
    const { grants, scope } = this.#options;
    const old = await grants.get(await sha256Hex(token));
    if (!old || (subject !== undefined && userOf(old.sub) !== subject)) return undefined;
    return sameRights(old, { ...facts, scope }) ? old : undefined;
  }

  /** A further credential for a session that goes on; undefined when it has ended meanwhile. */
  async renew(token: string, old: Grant): Promise<Issued | undefined> {
    const { mint, grants } = this.#options;
    const oldKey = await sha256Hex(token);
    return await this.#distinct(async () => {
      const minted = await mint.mint(request(userOf(old.sub), old.sid, old.scope, old.line));
      const grant: Grant = { ...old, exp: seconds(minted.expiresAt) };
      if (await grants.renew(oldKey, minted.key, grant)) return { minted, grant };
      return (await grants.get(oldKey)) ? 'taken' : undefined;
    });
  }

  /**
   * Tokens without an id of their own that are made in the same second are the same token, and one token can be one grant
   * only: whoever comes second gets the next second's.
   */
  async #distinct<T>(issue: () => Promise<T | 'taken'>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const issued = await issue();
      if (issued !== 'taken') return issued;
      await new Promise((resolve) => setTimeout(resolve, 1000 - (Date.now() % 1000)));
    }
    throw new MintFailure('rate-limited', undefined, 1);
  }
}

/** How many seconds a request waits for a token that nobody else has. A browser waits for ten. */
const ATTEMPTS = 5;

function request(subject: string, sid: string, scope: readonly Scope[], line: string | undefined) {
  return { subject, sid, scope, ...(line !== undefined && { line }) };
}

/** A renewal never widens anything: what is asked for now must be what the old grant was for. */
function sameRights(old: Grant, asked: Pick<Grant, 'line' | 'origin' | 'scope'>): boolean {
  const sameScope = old.scope.length === asked.scope.length && old.scope.every((one) => asked.scope.includes(one));
  const sameOrigin = old.origin === undefined || asked.origin === undefined || old.origin === asked.origin;
  return old.line === asked.line && sameScope && sameOrigin;
}

function userOf(sipUri: string): string {
  return sipUri.slice(sipUri.indexOf(':') + 1, sipUri.lastIndexOf('@'));
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
