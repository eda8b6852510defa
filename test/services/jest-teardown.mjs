// After the last suite: ends the servers that suites have shared.
import { rmSync } from 'node:fs';

export default async function teardown() {
  const { folder, server, sockets, host } = globalThis.ringmasterSharedServers;
  server.close();
  for (const socket of sockets) socket.destroy();
  await (await host()?.catch(() => undefined))?.close();
  rmSync(folder, { recursive: true, force: true });
}
