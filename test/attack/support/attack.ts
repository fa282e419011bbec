import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MET, type Met } from './met.js';
import { Thief } from './thief.js';
import { startTarget, type Target, type TargetName, type TargetOptions } from './targets.js';

export interface AttackOptions {
  /** Default: both gateways. */
  on?: readonly TargetName[];
  /** What stands in the table for the gateway, where it is not the gateway that is attacked. */
  as?: string;
}

/** Plays an attack, and says in a few words what it met. It throws where the attack worked. */
export type Play = (thief: Thief) => Promise<string>;

export type Attack = (name: string, play: Play, options?: AttackOptions) => void;

/** In milliseconds: no attack takes nearly as long, and one that hangs must not hide the others. */
const LIMIT_MS = 60_000;

const TARGETS: readonly TargetName[] = ['kamailio', 'embedded'];

/**
 * A group of attacks, each on a gateway that is started for the group. After each attack the same client calls by right,
 * so that silence on the far side means something, and everything on both sides is searched for what must not be there.
 */
export function attacks(theme: string, define: (attack: Attack) => void, options: TargetOptions = {}): void {
  for (const name of TARGETS) {
    const wanted: [what: string, play: Play, as: string][] = [];
    define((what, play, { on = TARGETS, as = name } = {}) => {
      if (on.includes(name)) wanted.push([what, play, as]);
    });
    if (wanted.length === 0) continue;
    describe(`${theme} (${name})`, () => {
      let target: Target | undefined;
      before(async () => (target = await startTarget(name, options)));
      after(() => target?.stop());
      for (const [what, play, as] of wanted) {
        it(what, { timeout: LIMIT_MS }, async (context) => {
          assert.ok(target, 'the gateway did not start');
          const thief = await Thief.enter(target);
          try {
            const met = await play(thief);
            await thief.verify();
            context.diagnostic(MET + JSON.stringify({ attack: what, target: as, met } satisfies Met));
          } finally {
            await thief.leave();
          }
        });
      }
    });
  }
}
