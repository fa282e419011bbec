import type { Rate } from './line-limits.js';

/** How many new grants one address may ask for. An IPv6 address counts with its whole /64. */
export interface AddressLimits {
  /** Above it a human check is asked for; where there is none, the answer is 429. Default: 60. */
  soft: number;
  /** Above it the answer is 429, human or not. Thousands of phones may share one address. Default: 2000. */
  hard: number;
  /** The window that both are counted in, in seconds. Default: 600. */
  seconds: number;
}

/** Settings that can stand in a file. */
export interface LimitSettings {
  address?: Partial<AddressLimits>;
  /** How often one session may renew its grant. Default: 30 in 300 s; a browser needs one in four minutes. */
  renewals?: Rate;
  /** The longest that a call may last where its line does not say it, in seconds. Default: 14400. */
  longestCall?: number;
  /**
   * How long after its longest time a call still counts as open, in seconds; it covers the ringing. Then its gateway is
   * taken for dead: the call is open no more, and costs what it had reserved. Default: 300.
   */
  grace?: number;
}
