import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1';
import type { Payload } from 'altcha-lib/v1/types';
import type { HumanCheck } from './human-check.js';
import { createMemoryOneTime, type OneTimeMemory } from './one-time.js';

export interface AltchaCheckOptions {
  /** Signs the challenges; at least 32 characters, the same on all servers, and used for nothing else. */
  secret: string;
  /**
   * The largest number that a browser has to try, for an address that has just passed its soft limit; half as many tries
   * do on average. It doubles up to three times on the way to the hard limit. From 1000 to 625000. Default: 50000.
   */
  maxNumber?: number;
  /** How long a challenge can be answered, in seconds. Default: 300. */
  lifetime?: number;
  /** Remembers which solutions were used. Default: in memory; `createRedisOneTime` for several servers. */
  spent?: OneTimeMemory;
}

/** How often the work may double: eight times the default takes a slow phone some ten seconds. */
const LEVELS = 3;

/** The least and the most for `maxNumber`: what has doubled to more than 5,000,000 no element begins to solve. */
export const MAX_NUMBERS = { least: 1000, most: 5_000_000 / 2 ** LEVELS } as const;

/**
 * A proof of work (ALTCHA) that the element does by itself, without showing anything and without asking anybody else. It
 * stops nobody, but a thousand grants cost a thousand times the work.
 */
export function createAltchaCheck({
  secret,
  maxNumber = 50_000,
  lifetime = 300,
  spent = createMemoryOneTime(),
}: AltchaCheckOptions): HumanCheck {
  if (secret.length < 32) throw new TypeError('The secret of an ALTCHA check needs at least 32 characters');
  const { least, most } = MAX_NUMBERS;
  if (!(Number.isInteger(maxNumber) && maxNumber >= least)) throw new TypeError(`maxNumber is not at least ${least}`);
  if (maxNumber > most) throw new TypeError(`maxNumber is more than ${most}`);
  if (!(lifetime > 0)) throw new TypeError('lifetime is not a number of seconds above 0');

  return {
    async challenge({ pressure }) {
      const level = levelOf(pressure);
      const challenge = await createChallenge({
        algorithm: 'SHA-256',
        hmacKey: secret,
        maxnumber: maxNumber * 2 ** level,
        expires: new Date(Date.now() + lifetime * 1000),
        // In the salt, hence signed: nobody answers with a challenge that was set to somebody more welcome.
        params: { level: String(level) },
      });
      return { type: 'altcha', ...challenge };
    },

    async verify(answer, { pressure }) {
      const solution = readSolution(answer);
      if (!solution || !(await verifySolution(solution, secret))) return false;
      const { level, expires } = extractParams(solution);
      // The pressure may have risen a little since the challenge was set.
      if (Number(level) < levelOf(pressure) - 1) return false;
      return await spent.claim(solution.challenge, Number(expires) * 1000 + 1000);
    },
  };
}

function levelOf(pressure: number): number {
  return Math.min(Math.floor(pressure * (LEVELS + 1)), LEVELS);
}

/** The fields of an answer, if each of them is what it must be. */
function readSolution(answer: unknown): Payload | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { type, algorithm, challenge, number, salt, signature } = answer as Record<string, unknown>;
  if (type !== 'altcha' || algorithm !== 'SHA-256' || !Number.isSafeInteger(number)) return undefined;
  const texts = [challenge, salt, signature].every((text) => typeof text === 'string' && text.length <= 512);
  return texts ? ({ algorithm, challenge, number, salt, signature } as Payload) : undefined;
}
