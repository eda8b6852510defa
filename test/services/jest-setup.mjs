// Before the first suite: opens the socket at which suites ask for shared servers (shared-host.ts). Starts none.
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function setup() {
  // Not in the repository: a socket's path has to be short.
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-'));
  const path = join(folder, 'host');
  let host;
  const load = async () => {
    await import('../../scripts/ts-hooks.mjs');
    const { SharedHost } = await import('./shared-host.ts');
    return new SharedHost();
  };
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.pause();
    host ??= load();
    host.then((loaded) => loaded.serve(socket), (error) => socket.end(`${JSON.stringify({ error: String(error) })}\n`));
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
  server.unref();
  process.env.RINGMASTER_SHARED_SERVERS = path;
  globalThis.ringmasterSharedServers = { folder, server, sockets, host: () => host };
}
