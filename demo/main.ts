import { startDemo, type Demo } from './site.js';

/** `npm start`: the demo on one port of this machine, until Ctrl-C. */
async function main(): Promise<void> {
  const given = process.env.PORT ?? '5173';
  const port = Number(given);
  if (!/^[0-9]+$/.test(given) || port > 65_535) fail(`PORT is "${given}", which is no port.`);

  let demo: Demo;
  try {
    demo = await startDemo({ port });
  } catch (error) {
    if (!isNodeError(error)) throw error;
    if (error.code === 'EADDRINUSE') fail(`Port ${port} is in use. Choose another one: PORT=${port + 1} npm start`);
    if (error.code === 'EACCES') fail(`Port ${port} is not yours to use. Choose one above 1023: PORT=5173 npm start`);
    throw error;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void demo.stop().finally(() => process.exit(0)));
  }
  console.log(`Call yourself: ${demo.url} has the button and the desk side by side. Ctrl-C ends it.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

await main();
