/** A number of the owner that the trunk delivers to the gateway. */
export interface OwnedNumber {
  /** User parts of the SIP addresses that ring, all at once: the `subject`s of grants that may receive. */
  ring: string[];
  /** Who is called when none of them answers, a `sip:` or `sips:` URI such as a mailbox. Default: nobody. */
  fallback?: string;
  /** How long they ring, in seconds. Default: 25. */
  ringSeconds?: number;
  /** Longest time an answered call may last, in seconds. Default: no limit but the gateway's own. */
  maxDuration?: number;
}

/** The owner's numbers, in international form (`+254700000001`). */
export type Numbers = Record<string, OwnedNumber>;

/**
 * Finds the number that a trunk asks for: a SIP URI or its user part, with or without `+`, or with `00` for it.
 * Parameters, as of number portability, do not matter.
 */
export function findNumber(numbers: Numbers, called: string): { number: string; owned: OwnedNumber } | undefined {
  const user = userPart(called);
  for (const number of [user, `+${user}`, user.replace(/^00/, '+')]) {
    const owned = Object.hasOwn(numbers, number) ? numbers[number] : undefined;
    if (owned) return { number, owned };
  }
  return undefined;
}

/** The number that calls, or undefined where it is withheld, or is no number. */
export function callerNumber(caller: string | undefined): string | undefined {
  const user = userPart(caller ?? '');
  return /^\+?[0-9]{2,20}$/.test(user) ? user : undefined;
}

/** The user part of a SIP or tel URI, without parameters; or the text itself where it is no URI. */
function userPart(uri: string): string {
  const [user = ''] = uri.replace(/^(?:sips?|tel):/i, '').split(/[@;]/);
  return user;
}
