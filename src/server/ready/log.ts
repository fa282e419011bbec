import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

export interface LogOptions {
  /** The least serious lines that are written. Default: `info`. */
  level?: 'debug' | 'info' | 'warn' | 'error';
  /** Where lines go. Default: standard output. */
  to?: DestinationStream;
}

/**
 * JSON lines. Nothing is redacted here, since nothing that is secret comes here: whoever writes a line names its fields
 * one by one, and none of them is a token, an address, a number, a request's body, or the message of an error.
 */
export function createLog({ level = 'info', to = standardOutput() }: LogOptions = {}): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, to);
}

/**
 * Written beside the work instead of before the answer, and many lines at once when there are many; what is left is
 * written as the process ends.
 */
function standardOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 200 });
  process.once('exit', () => stream.flushSync());
  return stream;
}

/**
 * What may be said of an error: what it is called, its code, and where it was thrown. Its message may quote what it is
 * about, and its cause too.
 */
export function errorFields(error: unknown): { error: string; code?: string; at?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as NodeJS.ErrnoException;
  const at = error.stack?.split('\n').find((row) => /^\s+at /.test(row));
  return {
    error: error.name,
    ...(typeof code === 'string' && { code }),
    ...(at !== undefined && { at: at.trim() }),
  };
}
