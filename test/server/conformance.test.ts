import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryGrantStore, createSigner, createTokenHandler } from '../../src/server/index.js';
import { CATALOGUE, type CheckId, type CheckResult, type Outcome } from '../../src/server/conformance/catalogue.js';
import type { ConformanceOptions } from '../../src/server/conformance/endpoint.js';
import { runConformance } from '../../src/server/conformance/run.js';
import { challenging, limited, shop, type Handler } from './support/altered-endpoint.js';
import { wantingEndpoints, wrongEndpoints } from './support/wrong-endpoints.js';
import { key } from './support/world.js';

const closed = { hours: {}, timeZone: 'Africa/Nairobi' };

/** The token handler as it is, without limits. */
function rightEndpoint(): Handler {
  return createTokenHandler({
    lines: { sales: { callee: 'sip:desk@office.example' }, night: { callee: 'sip:night@office.example', ...closed } },
    mint: createSigner({ key }),
    grants: createMemoryGrantStore(),
    gatewayUrl: 'wss://gateway.example/',
    domain: 'gateway.example',
    allowedOrigins: [shop],
    iceTransportPolicy: 'relay',
  });
}

async function grade(handler: Handler, options: Partial<ConformanceOptions> = {}): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const graded = runConformance({
    url: 'https://api.example/token',
    origin: shop,
    line: 'sales',
    closedLine: 'night',
    fetch: handler,
    wait: async () => undefined,
    ...options,
  });
  for await (const result of graded) results.push(result);
  return results;
}

const named = (results: readonly CheckResult[], outcome: Outcome): CheckId[] =>
  results.filter((result) => result.outcome === outcome).map(({ id }) => id);

describe('the grader of token endpoints', () => {
  it('finds nothing wrong with the token handler', async () => {
    const results = await grade(limited(rightEndpoint()));
    assert.deepEqual(named(results, 'fail'), []);
    assert.deepEqual(named(results, 'warn'), []);
    assert.deepEqual(named(results, 'skip').sort(), ['challenge-answer', 'turn-credentials']);
  });

  for (const [what, fails, make] of wrongEndpoints) {
    it(`fails an endpoint that ${what}: ${fails.join(', ')}`, async () => {
      const unlimited = rightEndpoint();
      const results = await grade(make({ right: limited(unlimited), unlimited }));
      assert.deepEqual(named(results, 'fail').sort(), [...fails].sort(), JSON.stringify(results, null, 1));
    });
  }

  for (const [what, warns, make] of wantingEndpoints) {
    it(`warns of an endpoint that ${what}: ${warns.join(', ')}`, async () => {
      const unlimited = rightEndpoint();
      const results = await grade(make({ right: limited(unlimited), unlimited }));
      assert.deepEqual(named(results, 'warn').sort(), [...warns].sort(), JSON.stringify(results, null, 1));
      assert.deepEqual(named(results, 'fail'), []);
    });
  }

  it('has an endpoint here that breaks each check', () => {
    const broken = new Set([...wrongEndpoints, ...wantingEndpoints].flatMap(([, checks]) => checks));
    assert.deepEqual(
      Object.keys(CATALOGUE).filter((id) => !broken.has(id as CheckId)),
      ['transport'],
    );
  });

  it('wants TLS everywhere but on this machine', async () => {
    const failing = async (url: string) => named(await grade(limited(rightEndpoint()), { url }), 'fail');
    assert.deepEqual(await failing('http://api.example/token'), ['transport']);
    assert.deepEqual(await failing('http://localhost:8080/token'), []);
  });

  it('passes limits by proof of work, and fails nothing because of them', async () => {
    const results = await grade(challenging(rightEndpoint()));
    assert.deepEqual(named(results, 'fail'), []);
    assert.ok(named(results, 'pass').includes('challenge-answer'));
  });

  it('judges what can be judged of an endpoint that knows GET alone', async () => {
    const getOnly = (): Handler => {
      const right = limited(rightEndpoint());
      return async (request) => {
        const response = await right(request.method === 'POST' ? new Request(request, { method: 'PUT' }) : request);
        if (response.status === 405) response.headers.set('Allow', 'GET');
        return response;
      };
    };
    assert.ok(named(await grade(getOnly()), 'fail').includes('answers'));
    const results = await grade(getOnly(), { method: 'GET' });
    assert.deepEqual(named(results, 'fail'), []);
    assert.deepEqual(named(results, 'warn'), []);
    const needBody = ['renewal', 'preflight', 'bad-request', 'oversized', 'challenge-answer'];
    assert.deepEqual(named(results, 'skip').sort(), [...needBody, 'turn-credentials'].sort());
  });

  it('waits where a limit stands in the way', async () => {
    let asked = 0;
    const right = rightEndpoint();
    const pauses: number[] = [];
    const busy = { status: 429, headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' } };
    const handler: Handler = async (request) =>
      ++asked === 1 ? new Response('{"error":"rate-limited","retry_after":7}', busy) : await right(request);
    const wait = async (pause: number): Promise<void> => void pauses.push(pause);
    const results = await grade(handler, { wait, limitRequests: 0 });
    assert.deepEqual(pauses, [7000]);
    assert.equal(named(results, 'pass').includes('answers'), true);
  });

  it('survives an endpoint that is not there', async () => {
    const results = await grade(async () => {
      throw new TypeError('fetch failed');
    });
    assert.ok(named(results, 'fail').includes('answers'));
    assert.equal(results.length, Object.keys(CATALOGUE).length);
  });

  it('repeats no credential and no callee in its report', async () => {
    const tokens: string[] = [];
    const right = limited(rightEndpoint());
    const handler: Handler = async (request) => {
      const response = await right(request);
      const { token } = (await response
        .clone()
        .json()
        .catch(() => ({}))) as { token?: string };
      if (token !== undefined) tokens.push(token);
      return response;
    };
    const said = JSON.stringify(await grade(handler));
    assert.ok(tokens.length > 0);
    for (const token of tokens) assert.ok(!said.includes(token));
    assert.doesNotMatch(said, /office\.example/);
  });

  it('judges every check once', async () => {
    const ids = (await grade(challenging(rightEndpoint()))).map(({ id }) => id);
    assert.deepEqual([...ids].sort(), Object.keys(CATALOGUE).sort());
  });
});
