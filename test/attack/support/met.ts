/** What an attack met at one gateway: the reporter makes its table of these. */
export interface Met {
  attack: string;
  /** Which gateway, or `http` for an endpoint. */
  target: string;
  /** In a few words. */
  met: string;
}

/** Marks the lines of the table among what tests say. */
export const MET = 'met ';
