/**
 * Redis as a plain process on loopback. Owns the process that it starts; with REDIS_URL set it starts none.
 * Less than 0.1 s and 12 MB. It saves nothing: a restart begins empty.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { addressesGiven } from './environment.js';
import { notOwned, startOwned, type Recipe, type Running } from './running.js';
import { ServerProcess } from './server-process.js';
import { sharedAddresses } from './shared.js';

const ANSWER_MS_MAX = 1_000;

export interface RunningRedis extends Running {
  /** `redis://host:port` */
  readonly address: string;
}

/** An empty Redis; shared: the one of this test run, for keys of your own. @throws Error with the end of its log when it does not come up */
export async function startRedis({ shared = false }: { readonly shared?: boolean } = {}): Promise<RunningRedis> {
  const given = addressesGiven('redis')?.[0];
  if (given) return { ...notOwned('REDIS_URL names the server'), address: given };
  const [common] = (shared ? await sharedAddresses('redis') : undefined) ?? [];
  if (common) return { ...notOwned('the Redis of the test run is shared'), address: common };
  const running = await startOwned(redisRecipe());
  return Object.assign(running, { address: `redis://127.0.0.1:${running.ports[0]}` });
}

export function redisRecipe(): Recipe {
  return {
    name: 'redis',
    portsCount: 1,
    prepare: async (folder, [port]) => [
      new ServerProcess({
        name: 'Redis',
        command: 'redis-server',
        args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
        logFile: join(folder, 'redis.log'),
      }),
    ],
    answers: ([port]) => redisAnswers(port as number),
  };
}

/** Whether it says PONG. Throws when nobody listens. */
export async function redisAnswers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('no answer')));
  try {
    return await new Promise<boolean>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => resolve(false));
      socket.once('data', (data) => resolve(data.toString().startsWith('+PONG')));
      socket.write('PING\r\n');
    });
  } finally {
    socket.destroy();
  }
}
