import { callName } from './call-name.js';

/** What the holder of a grant may do: call its line, dial numbers by prefix rules, receive calls. */
export type Scope = 'call' | 'dial' | 'receive';

/** What the server remembers of a grant. Hooks decide from this record, never from what a token says of itself. */
export interface Grant {
  /** Name of the line that may be called. */
  line?: string;
  /** Origin of the page that asked for the grant. */
  origin?: string;
  /** The session: a renewed grant shares it with the one that it follows. */
  sid: string;
  scope: readonly Scope[];
  /** The holder's own SIP address (`sip_uri`). */
  sub: string;
  /** End of the grant, in seconds since 1970. */
  exp: number;
  /** Attribution that the page sent, as far as the token handler's configuration allows it. */
  context?: Readonly<Record<string, string>>;
  /**
   * Until when the line may be called although it is closed, in seconds since 1970: the end of the session's first grant,
   * for which it was open. A renewal does not move it.
   */
  openUntil?: number;
  /** Of a call from outside: the owner's number that was called. */
  called?: string;
}

/** `reserved`: yours now. `repeated`: it was for this very call already. `refused`: spent, taken, or no such grant. */
export type Reservation = 'reserved' | 'repeated' | 'refused';

/**
 * Remembers grants by the SHA-256 of their token (hexadecimal) or by their digest user name. Every method is atomic,
 * so that two requests at the same moment cannot both win.
 *
 *     open --reserve--> reserved --spend--> spent --close--> gone
 *      ^----release--------'
 */
export interface GrantStore {
  /**
   * Remembers a grant with the right to one call. False where a grant that lives has this key already: that one stays as
   * it is, or the right to its call would be open again.
   */
  put(key: string, grant: Grant): Promise<boolean>;
  /** The grant, as long as it lives. */
  get(key: string): Promise<Grant | undefined>;
  /**
   * Remembers a second token for a session. The right to a call moves over if it is still open and the session younger
   * than {@link RIGHT_AGE}; else the new token has none. An open right never stays with the old one. False when the old
   * token is not known or no longer lives, or the new one is somebody's already.
   */
  renew(oldKey: string, newKey: string, grant: Grant): Promise<boolean>;
  /** Claims the right to a call for one Call-ID and From tag. */
  reserve(key: string, callId: string, fromTag: string): Promise<Reservation>;
  /**
   * The reserved call is let through. True also where it was before and is not over. False where the right is not this
   * call's, or no longer, since it was released meanwhile: then the call must not be let through.
   */
  spend(key: string, callId: string, fromTag: string): Promise<boolean>;
  /** The reserved call was refused before it was let through: the right is open again. */
  release(key: string, callId: string, fromTag: string): Promise<void>;
  /** The grant that a call was made with, even when its time is over. */
  findByCall(callId: string, fromTag: string): Promise<Grant | undefined>;
  /** The call is over: not even its own Call-ID and From tag open the line again. */
  close(callId: string, fromTag: string): Promise<void>;
}

/**
 * How long after a session's first grant a renewal still takes an open right over, in seconds: longer than anybody looks
 * at a permission prompt, and too short to lay up a stock of rights by renewals that cost nothing.
 */
export const RIGHT_AGE = 900;

export interface MemoryGrantStoreOptions {
  /** The clock, in milliseconds since 1970. Default: `Date.now`. */
  now?: () => number;
  /** How long the record of a call is kept after its grant's end when nobody reports the end, in seconds. Default: 86400. */
  callRetention?: number;
}

type Right = 'none' | 'open' | 'reserved' | 'spent';

interface Entry {
  grant: Grant;
  right: Right;
  /** When the session's first grant was put, in milliseconds since 1970. */
  born: number;
  /** Call-ID and From tag that the right was claimed for. */
  call?: string;
}

/** At most this often, in milliseconds, is the store looked through for grants whose time is over. */
const SWEEP_INTERVAL = 30_000;

/** A store in this process's memory: for one server. It starts no timer, so nothing keeps a process alive. */
export function createMemoryGrantStore({
  now = Date.now,
  callRetention = 86_400,
}: MemoryGrantStoreOptions = {}): GrantStore {
  const entries = new Map<string, Entry>();
  const keyByCall = new Map<string, string>();
  let swept = now();

  const lives = (entry: Entry | undefined): entry is Entry => entry !== undefined && entry.grant.exp * 1000 > now();

  const remove = (key: string, entry: Entry): void => {
    entries.delete(key);
    if (entry.call !== undefined) keyByCall.delete(entry.call);
  };

  const sweep = (): void => {
    if (now() - swept < SWEEP_INTERVAL) return;
    swept = now();
    for (const [key, entry] of entries) {
      const kept = entry.call === undefined ? 0 : callRetention;
      if ((entry.grant.exp + kept) * 1000 <= swept) remove(key, entry);
    }
  };

  /** The entry, if it is claimed for this call. */
  const claimed = (key: string | undefined, call: string): Entry | undefined => {
    const entry = key === undefined ? undefined : entries.get(key);
    return entry?.call === call ? entry : undefined;
  };

  // No method awaits anything, and that makes each of them atomic.
  return {
    async put(key, grant) {
      sweep();
      if (lives(entries.get(key))) return false;
      entries.set(key, { grant, right: 'open', born: now() });
      return true;
    },

    async get(key) {
      const entry = entries.get(key);
      return lives(entry) ? entry.grant : undefined;
    },

    async renew(oldKey, newKey, grant) {
      sweep();
      const old = entries.get(oldKey);
      if (!lives(old) || lives(entries.get(newKey))) return false;
      const { right, born } = old;
      const young = now() - born < RIGHT_AGE * 1000;
      if (right === 'open') old.right = 'none';
      entries.set(newKey, { grant, right: right === 'open' && young ? 'open' : 'none', born });
      return true;
    },

    async reserve(key, callId, fromTag) {
      const entry = entries.get(key);
      if (!lives(entry)) return 'refused';
      const call = callName(callId, fromTag);
      if (entry.right === 'open' && !keyByCall.has(call)) {
        entry.right = 'reserved';
        entry.call = call;
        keyByCall.set(call, key);
        return 'reserved';
      }
      return entry.call === call && entry.right !== 'none' ? 'repeated' : 'refused';
    },

    async spend(key, callId, fromTag) {
      const entry = claimed(key, callName(callId, fromTag));
      if (entry?.right === 'reserved') entry.right = 'spent';
      return entry?.right === 'spent';
    },

    async release(key, callId, fromTag) {
      const call = callName(callId, fromTag);
      const entry = claimed(key, call);
      if (entry?.right !== 'reserved') return;
      entry.right = 'open';
      delete entry.call;
      keyByCall.delete(call);
    },

    async findByCall(callId, fromTag) {
      const call = callName(callId, fromTag);
      return claimed(keyByCall.get(call), call)?.grant;
    },

    async close(callId, fromTag) {
      const call = callName(callId, fromTag);
      const entry = claimed(keyByCall.get(call), call);
      if (!entry) return;
      entry.right = 'none';
      delete entry.call;
      keyByCall.delete(call);
    },
  };
}
