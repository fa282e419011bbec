import { Redis } from 'ioredis';
import { HOST } from './ports.js';
import { until } from './probes.js';
import { Program, requireProgram, type ProgramOptions } from './processes.js';

export interface StackRedis {
  readonly pid: number;
  readonly client: Redis;
  stop(): Promise<void>;
}

/** A Redis that keeps nothing on disk: what backends share lives as long as the stack. */
export async function startRedis(
  options: Pick<ProgramOptions, 'folder' | 'verbose' | 'onCrash'> & { port: number },
  signal: AbortSignal,
): Promise<StackRedis> {
  const { port, ...common } = options;
  const program = new Program({
    ...common,
    name: 'redis',
    command: requireProgram('redis-server', 'redis-server'),
    args: ['--port', `${port}`, '--bind', HOST, '--save', '', '--appendonly', 'no', '--dir', options.folder],
  });
  const client = new Redis({ host: HOST, port, maxRetriesPerRequest: 1 });
  // While it starts nobody listens yet; later, whoever asks is told.
  client.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    client.disconnect();
    await program.stop();
  };
  try {
    await until('Redis', () => client.ping(), signal);
    return { pid: program.pid, client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
