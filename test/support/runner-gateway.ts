import type { Server } from 'node:http';
import type { TestRunnerConfig, TestRunnerPlugin } from '@web/test-runner';
import { mountEmbeddedGateway, type EmbeddedGateway } from './embedded-gateway.js';

type Middleware = NonNullable<TestRunnerConfig['middleware']>[number];

/** The embedded gateway on the test runner's own server, so that one page of the tests is both ends of a real call. */
export function runnerGateway(): { plugin: TestRunnerPlugin; middleware: Middleware } {
  let gateway: EmbeddedGateway | undefined;
  return {
    plugin: {
      name: 'gateway',
      serverStart({ server, config }) {
        gateway = mountEmbeddedGateway(server as Server, config.port!);
      },
      async serverStop() {
        await gateway?.stop();
      },
    },
    async middleware(context, next) {
      const endpoint = gateway?.endpoint(context.path);
      if (!endpoint) return next();
      // Answered by Node's own response, past the runner's framework.
      context.respond = false;
      endpoint(context.req, context.res);
    },
  };
}
