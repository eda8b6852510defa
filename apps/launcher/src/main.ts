/** `npm start`: router and quiz-node on one machine, supervised. */
import { resolve } from 'node:path';
import { banner, networkAddresses } from './banner.js';
import { helpText, readConfig, type LauncherConfig } from './config.js';
import { hostKey } from './host-key.js';
import { startProduct } from './product.js';
import { exitUnusable } from './program.js';

function main(): void {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(helpText());
    return;
  }
  let config: LauncherConfig;
  let key: ReturnType<typeof hostKey>;
  let dataDir: string;
  try {
    config = readConfig(process.env);
    dataDir = resolve(config.dataDir);
    key = hostKey(dataDir, config.hostApiKey);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = exitUnusable;
    return;
  }

  let stopping = false;
  const end = (code: number) => {
    if (stopping) return;
    stopping = true;
    void stop().then(() => process.exit(code));
  };
  // Before the first child, so that none can be left behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stopping) console.error('Stopping: sockets are told to come back, what was acknowledged is on disk.');
      end(0);
    });
  }
  const stop = startProduct(
    {
      host: config.host,
      port: config.port,
      nodePort: config.nodePort,
      dataDir,
      hostApiKey: key.key,
      logLevel: config.logLevel,
      line: (name, text) => console.error(`[${name}] ${text}`),
      gaveUp: (reason) => {
        console.error(`ringmaster: ${reason}`);
        end(1);
      },
    },
    ({ port }) => {
      const addresses = networkAddresses(config.host);
      console.log(banner({ host: config.host, port, dataDir, key: key.key, keyFresh: key.fresh, addresses }));
    },
  );
}

main();
