import {
  createHookHandler,
  createReportHandler,
  createTokenHandler,
  type Answers,
  type CallEvent,
  type CallReport,
  type GrantStore,
  type Limits,
  type Lines,
  type Numbers,
  type Signer,
  type TokenHandlerOptions,
} from '../../src/server/index.js';

export type Handler = (request: Request) => Promise<Response>;

/** How the hook behaves; all but `up` is for tests of what happens without it. */
export type HookMode = 'up' | 'down' | 'late' | 'slow' | 'nonsense';

export interface BackendOptions {
  lines: Lines;
  numbers: Numbers;
  /** What backends of the same owner share. */
  grants: GrantStore;
  answers?: Answers;
  limits: Limits;
  signer: Signer;
  hookSecret: string;
  gatewayUrl: () => string[];
  domain: string;
  iceServers?: TokenHandlerOptions['iceServers'];
  allowedOrigins?: readonly string[];
  onEvent?: (event: CallEvent) => void;
  onReport?: (report: CallReport) => void;
}

export interface Backend {
  /** By path. */
  handlers: Record<string, Handler>;
  setHook(mode: HookMode): void;
}

/** The owner's half: the token endpoints and the hook. */
export function createBackend(options: BackendOptions): Backend {
  const { lines, numbers, grants, answers, limits, signer, hookSecret, gatewayUrl, domain } = options;
  const { iceServers, allowedOrigins, onEvent, onReport = () => {} } = options;
  const common = {
    lines,
    mint: signer,
    grants,
    limits,
    gatewayUrl,
    domain,
    ...(iceServers && { iceServers }),
    ...(allowedOrigins && { allowedOrigins }),
  };
  const receive = (subject: string): Handler =>
    createTokenHandler({ ...common, scope: ['receive'], subject: () => subject });
  const hook = createHookHandler({
    lines,
    numbers,
    domain,
    grants,
    limits,
    secret: hookSecret,
    ...(answers && { answers }),
    ...(onEvent && { onEvent }),
  });

  let mode: HookMode = 'up';
  const switchable: Handler = async (request) => {
    if (mode === 'down') return new Response('Internal Server Error', { status: 500 });
    if (mode === 'nonsense') return new Response('<html>Please log in</html>', { status: 200 });
    // Late is within the gateway's patience of two seconds, slow is beyond it.
    if (mode === 'late') await new Promise((resolve) => setTimeout(resolve, 700).unref());
    if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 5000).unref());
    return hook(request);
  };
  return {
    handlers: {
      '/api/sip-token': createTokenHandler(common),
      '/api/desk-token': receive('desk'),
      '/api/desk2-token': receive('desk2'),
      '/api/call-report': createReportHandler({ onReport, ...(allowedOrigins && { allowedOrigins }) }),
      '/hook': switchable,
    },
    setHook: (next) => {
      mode = next;
    },
  };
}
