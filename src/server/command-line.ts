/** Where a command writes to. */
export interface Output {
  out: (text: string) => void;
  error: (text: string) => void;
  /** Whether what is written may be coloured. */
  colour: boolean;
}

/** The terminal, or the file, that the process writes to. */
export const STANDARD: Output = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  colour: process.stdout.isTTY && process.env.NO_COLOR === undefined,
};

/**
 * The one address that a command is given.
 * @param whose what it is the address of, for the message
 * @throws Error a sentence for whoever typed the command
 */
export function readHttpUrl(positionals: readonly string[], whose: string): string {
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new Error(`Name one address: that of the ${whose}.`);
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new Error(`"${url}" is no http address.`);
  return url;
}
