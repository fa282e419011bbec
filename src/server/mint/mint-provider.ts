import type { Scope } from '../grants.js';

/** What a credential is wanted for. */
export interface MintRequest {
  /** The user part that the holder's SIP address will have, unless the credential says otherwise: an opaque id. */
  subject: string;
  /** The session, which a renewed credential shares with the one that it follows. */
  sid: string;
  scope: readonly Scope[];
  /** Name of the line that may be called. */
  line?: string;
}

/** A credential that was made for one grant, and what the grant's record needs to know of it. */
export interface MintedCredential {
  /** By what the record is found again: the SHA-256 of the token (hexadecimal), or the digest user name. */
  key: string;
  /** The fields of the grant that carry the credential to the browser. */
  answer: { token: string } | { username: string; password: string };
  expiresAt: Date;
  /** Seconds from now until it expires. */
  expiresIn: number;
  /** User part of the holder's SIP address, where the credential fixes it. Default: the subject that was asked for. */
  sub?: string;
  /** Where the browser connects to with this credential. Default: the token handler's `gatewayUrl`. */
  gatewayUrl?: string | string[];
}

/** Makes the credentials of grants. Must make a new one each time, since a grant is good for one call. */
export interface MintProvider {
  /** @throws {MintFailure} where somebody else is asked and does not give one */
  mint(request: MintRequest): Promise<MintedCredential>;
}
