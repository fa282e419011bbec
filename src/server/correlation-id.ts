/** A random id (RFC 9562), as the page makes one for each call. */
const ID = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:-register)?$/i;

/**
 * The id by which a page knows a call: the `correlation_id` of its token request, the Call-ID of its INVITE, and the
 * beginning of that of its REGISTER. Whatever has another form is no browser's of ours, and goes into no log: who calls
 * writes it, and could write a line of the log, or a number, just as well.
 */
export function correlationIdOf(value: unknown): string | undefined {
  return typeof value === 'string' ? ID.exec(value)?.[1]?.toLowerCase() : undefined;
}
