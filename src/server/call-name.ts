/** A call's name in stores. A Call-ID holds no blank (RFC 3261 section 25.1), so that two calls never share one. */
export function callName(callId: string, fromTag: string): string {
  return `${callId} ${fromTag}`;
}
