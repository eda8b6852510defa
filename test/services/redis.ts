/**
 * Redis as a plain process on loopback. Owns the process that it starts; with REDIS_URL set it starts none.
 * Less than 0.1 s and 12 MB. It saves nothing: a restart begins empty.
 */
import { connect } from 'node:net';
import { join } from 'node:path';
import { certificatesIn, makeCertificates, type Certificates } from './certificates.js';
import { addressesGiven } from './environment.js';
import { REDIS_PASSWORD, securedArguments } from './redis-secured.js';
import { notOwned, startOwned, type Recipe, type Running } from './running.js';
import { ServerProcess } from './server-process.js';
import { sharedAddresses } from './shared.js';

const ANSWER_MS_MAX = 1_000;

export interface RunningRedis extends Running {
  /** `redis://host:port` */
  readonly address: string;
  /** Where it is reached over TLS, `rediss://:password@host:port`, and by whom its certificate is vouched for. Absent unless asked for. */
  readonly secured?: { readonly address: string; readonly certificates: Certificates };
}

/** An empty Redis; shared: the one of this test run, for keys of your own; secured: one that wants a password and speaks TLS as well, which needs `keytool`. @throws Error with the end of its log when it does not come up */
export async function startRedis({ shared = false, secured = false }: { readonly shared?: boolean; readonly secured?: boolean } = {}): Promise<RunningRedis> {
  const given = addressesGiven('redis')?.[0];
  if (given) return { ...notOwned('REDIS_URL names the server'), address: given };
  const [common] = (shared ? await sharedAddresses('redis') : undefined) ?? [];
  if (common) return { ...notOwned('the Redis of the test run is shared'), address: common };
  const running = await startOwned(redisRecipe(secured));
  const [port, tlsPort] = running.ports;
  if (!secured) return Object.assign(running, { address: `redis://127.0.0.1:${port}` });
  return Object.assign(running, {
    address: `redis://:${REDIS_PASSWORD}@127.0.0.1:${port}`,
    secured: { address: `rediss://:${REDIS_PASSWORD}@127.0.0.1:${tlsPort}`, certificates: certificatesIn(running.folder) },
  });
}

export function redisRecipe(secured = false): Recipe {
  return {
    name: 'redis',
    portsCount: secured ? 2 : 1,
    prepare: async (folder, [port, tlsPort = 0]) => [
      new ServerProcess({
        name: 'Redis',
        command: 'redis-server',
        args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no', ...(secured ? securedArguments(tlsPort, await makeCertificates(folder)) : [])],
        logFile: join(folder, 'redis.log'),
      }),
    ],
    answers: ([port]) => redisAnswers(port as number, secured ? REDIS_PASSWORD : undefined),
  };
}

/** Whether it says PONG. Throws when nobody listens. */
export async function redisAnswers(port: number, password?: string): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('no answer')));
  try {
    return await new Promise<boolean>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => resolve(false));
      let said = '';
      socket.on('data', (data) => {
        said += data.toString();
        if (said.includes('+PONG')) resolve(true);
        if (said.includes('-')) resolve(false);
      });
      socket.write(`${password === undefined ? '' : `AUTH ${password}\r\n`}PING\r\n`);
    });
  } finally {
    socket.destroy();
  }
}
