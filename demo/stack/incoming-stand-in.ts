export type Numbers = Record<string, { ring: string[]; fallback?: string; ringSeconds?: number; maxDuration?: number }>;
export function incomingStandIn(numbers: Numbers, domain: string, next: (request: Request) => Promise<Response>) {
  return async (request: Request): Promise<Response> => {
    if (!request.url.endsWith('/incoming')) return next(request);
    const { called } = (await request.json()) as { called: string };
    const number = numbers[called];
    if (!number) return new Response('{"error":"not-found"}', { status: 404 });
    return Response.json({
      targets: number.ring.map((user) => `sip:${user}@${domain}`),
      ring_seconds: number.ringSeconds ?? 25,
      ...(number.fallback && { fallback: number.fallback }),
      ...(number.maxDuration && { max_duration: number.maxDuration }),
      sid: 'x',
    });
  };
}
