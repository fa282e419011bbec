import { randomId } from '../secrets.js';
import { md5 } from './md5.js';
import { MintFailure } from './mint-failure.js';
import type { MintProvider, MintRequest } from './mint-provider.js';

/** What a PBX needs to know of a credential that it is to accept. */
export interface DigestCredential {
  username: string;
  password: string;
  realm: string;
  /** `MD5(username:realm:password)`, with which a PBX can check a digest and needs no password. */
  ha1: string;
  /** The PBX must forget it then. */
  expiresAt: Date;
  /** What it was made for. */
  sid: string;
  line?: string;
}

export interface DigestProviderOptions {
  /** The realm of the PBX, in most the domain. */
  realm: string;
  /**
   * Tells the PBX: writes into its database, or calls its API. The browser gets the credential only when this has been
   * done, and a refusal (502) when it fails.
   */
  publish: (credential: DigestCredential) => void | Promise<void>;
  /**
   * How long a credential lives, in seconds. Default: 3600. A browser asks for another before the end, which has another
   * user name: make it longer than the longest call.
   */
  lifetime?: number;
}

/**
 * Makes a user name and a password for one session, for a PBX that knows no Bearer tokens (Asterisk, FreeSWITCH).
 *
 * Such a PBX asks no hook: **whoever holds the credential may do what the PBX's dialplan lets him do**, as often as he
 * likes until it expires. Put these users into a context that reaches one extension and nothing else (no trunk, no
 * transfer, no feature codes), limit their calls at the same time, and let nobody register at their address but them.
 * The grant's record is kept under the user name, for a gateway that checks the digest itself and then asks the hook.
 */
export function createDigestProvider({ realm, publish, lifetime = 3600 }: DigestProviderOptions): MintProvider {
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(realm)) throw new TypeError('realm is empty, or cannot stand in quotes');
  if (!Number.isInteger(lifetime) || lifetime <= 0) throw new TypeError('lifetime is not a whole number of seconds');
  return {
    async mint({ sid, line }: MintRequest) {
      const username = randomId();
      const password = randomId();
      const expiresAt = new Date(Date.now() + lifetime * 1000);
      const ha1 = md5(`${username}:${realm}:${password}`);
      try {
        await publish({ username, password, realm, ha1, expiresAt, sid, ...(line !== undefined && { line }) });
      } catch {
        // What was thrown may quote the password.
        throw new MintFailure('failed');
      }
      return { key: username, answer: { username, password }, expiresAt, expiresIn: lifetime, sub: username };
    },
  };
}
