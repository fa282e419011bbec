/** `npm run stack`: the real stack on this machine, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { startStack, type Stack } from './stack.js';

const USAGE = `Usage: npm run stack -- [options]

  --http-port <port>       page, token endpoint, hook      STACK_HTTP_PORT       8090
  --gateway-port <port>    SIP over secure WebSocket       STACK_GATEWAY_PORT    8443
  --trunk-port <port>      SIP over UDP, for phones        STACK_TRUNK_PORT      any
  --rtpengine-port <port>  control of rtpengine            STACK_RTPENGINE_PORT  any
  --origin <origin>        a page that gets tokens; may be repeated (default: the stack's own)
  --verbose                the logs of all parts on stderr

Port 0 means any that is free.`;

class UsageError extends Error {}

function port(flag: string | undefined, variable: string, otherwise: number): number {
  const value = flag ?? process.env[variable];
  if (value === undefined || value === '') return otherwise;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535) throw new UsageError(`"${value}" is not a port`);
  return number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'http-port': { type: 'string' },
      'gateway-port': { type: 'string' },
      'trunk-port': { type: 'string' },
      'rtpengine-port': { type: 'string' },
      origin: { type: 'string', multiple: true },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }

  const interrupted = new AbortController();
  let stack: Stack | undefined;
  const end = (code: number): void => {
    process.exitCode = code;
    interrupted.abort(new Error('interrupted'));
    void stack?.stop();
  };
  process.on('SIGINT', () => end(130));
  process.on('SIGTERM', () => end(143));
  process.on('SIGHUP', () => end(129));

  try {
    stack = await startStack({
      ports: {
        http: port(values['http-port'], 'STACK_HTTP_PORT', 8090),
        gateway: port(values['gateway-port'], 'STACK_GATEWAY_PORT', 8443),
        trunk: port(values['trunk-port'], 'STACK_TRUNK_PORT', 0),
        rtpengine: port(values['rtpengine-port'], 'STACK_RTPENGINE_PORT', 0),
      },
      turn: true,
      ...(values.origin && { allowedOrigins: values.origin }),
      verbose: values.verbose,
      signal: interrupted.signal,
      onCrash: (error) => {
        console.error(`stack: ${error.message}`);
        end(1);
      },
    });
  } catch (error) {
    if (interrupted.signal.aborted) return;
    throw error;
  }
  const certificatePage = stack.addresses.gateway_url.replace(/^wss:/, 'https:');
  console.log(`Open ${stack.addresses.page}`);
  console.log(
    `The certificate is self-signed: open ${certificatePage} once and accept it, or the call cannot connect.`,
  );
  console.log('Ctrl-C ends everything.');
  console.log(JSON.stringify(stack.addresses));
}

main().catch((error: Error & { code?: string }) => {
  console.error(`stack: ${error.message.split('\n')[0]}`);
  if (error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS')) console.error(USAGE);
  process.exitCode = 1;
});
