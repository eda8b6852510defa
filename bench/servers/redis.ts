/** A Redis server of our own, in memory alone: it is faster than a durable one, and what it acknowledges is not on disk. */
import { firstLine, startPinned, stop } from '../harness/pinned.js';
import { freePort } from './free-port.js';

export interface Redis {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
  const started = startPinned(1, 'redis-server', args);
  await firstLine(started, (line) => (line.includes('Ready to accept connections') ? true : undefined));
  return { port, pid: started.pid, stop: () => stop(started) };
}
