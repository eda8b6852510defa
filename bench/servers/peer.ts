/** Socket.IO with what it needs: alone, with Redis, or with Redis behind nginx. */
import { fileURLToPath } from 'node:url';
import { firstLine, startPinned, stop, type Started } from '../harness/pinned.js';
import { startNginx } from './nginx.js';
import { readyPort } from './product.js';
import { startRedis } from './redis.js';

export interface Peer {
  readonly port: number;
  /** Of everything that does its work: its helpers count as its own. */
  readonly pids: readonly number[];
  readonly server: Started;
  /** 0: there is none. */
  readonly redisPort: number;
  stop(): Promise<void>;
}

const entry = fileURLToPath(new URL('./socketio-server.js', import.meta.url));

export async function startPeer(options: { readonly redis?: boolean; readonly nginx?: boolean; readonly nodeArgs?: readonly string[] }): Promise<Peer> {
  const redis = options.redis ? await startRedis() : null;
  const server = startPinned(0, process.execPath, ['--max-semi-space-size=16', ...(options.nodeArgs ?? []), entry, String(redis?.port ?? 0)]);
  const port = await firstLine(server, readyPort);
  const nginx = options.nginx ? await startNginx(port) : null;
  return {
    port: nginx?.port ?? port,
    pids: [server.pid, ...(redis === null ? [] : [redis.pid]), ...(nginx?.pids ?? [])],
    server,
    redisPort: redis?.port ?? 0,
    stop: async () => {
      server.child.kill('SIGKILL');
      await Promise.all([stop(server), nginx?.stop(), redis?.stop()]);
    },
  };
}
