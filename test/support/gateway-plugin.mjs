import { randomBytes } from 'node:crypto';
import { register } from 'tsx/esm/api';

/**
 * Puts the embedded gateway and its token endpoints onto the test runner's own server, so that a page of the tests is
 * both ends of a real call: `/api/sip-token` gives out calls to the line `sales`, `/api/desk-token` lets it be answered.
 */
export function embeddedGateway() {
  let gateway;
  let endpoints = {};
  const plugin = {
    name: 'gateway',
    async serverStart({ server, config }) {
      const unregister = register();
      const { createHookHandler, createMemoryGrantStore, createSigner, createTokenHandler, toNodeListener } =
        await import('../../src/server/index.ts');
      const { startGateway } = await import('../../demo/gateway/gateway.ts');
      await unregister();

      const { port } = config;
      const domain = 'localhost';
      const lines = {
        sales: { callee: `sip:desk@${domain}`, callerId: `sip:visitor@${domain}` },
        nobody: { callee: `sip:nobody@${domain}` },
      };
      const grants = createMemoryGrantStore();
      const shared = {
        lines,
        grants,
        domain,
        signer: createSigner({ key: randomBytes(32) }),
        gatewayUrl: `ws://localhost:${port}/sip`,
        allowedOrigins: [`http://localhost:${port}`],
      };
      endpoints = {
        '/api/sip-token': toNodeListener(createTokenHandler(shared)),
        '/api/desk-token': toNodeListener(createTokenHandler({ ...shared, scope: ['receive'], subject: () => 'desk' })),
      };
      const secret = randomBytes(32).toString('hex');
      gateway = startGateway({ server, secret, domain, hook: createHookHandler({ lines, grants, secret }) });
    },
    async serverStop() {
      await gateway?.stop();
    },
  };
  const middleware = async (context, next) => {
    const endpoint = endpoints[context.path];
    if (!endpoint) return next();
    // Answered by Node's own response, past the runner's framework.
    context.respond = false;
    endpoint(context.req, context.res);
  };
  return { plugin, middleware };
}
