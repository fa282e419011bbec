/** Aborts where the process is asked to end, which then ends what it has begun in order, and says so by its exit code. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const, ['SIGHUP', 129] as const]) {
    process.on(signal, () => {
      process.exitCode = code;
      interrupted.abort(new Error('interrupted'));
    });
  }
  return interrupted.signal;
}
