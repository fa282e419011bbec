/** Who is being checked. */
export interface CheckContext {
  /** The visitor's address, where it is known. */
  address?: string | undefined;
  /** The line that the grant is for. */
  line?: string | undefined;
  /** How far the address has come from its soft (0) to its hard limit (1): a reason to ask for more. */
  pressure: number;
}

/** A challenge as it goes to the browser, which looks at `type` to know what to do with it. */
export interface Challenge {
  type: string;
  [field: string]: unknown;
}

/** Tells people from scripts, or at least makes scripts pay. */
export interface HumanCheck {
  /** Something to be solved. */
  challenge(context: CheckContext): Promise<Challenge>;
  /** Whether this is a solution, which nobody has used before. `answer` is whatever the request held. */
  verify(answer: unknown, context: CheckContext): Promise<boolean>;
}
