/** nginx before the peer, as it usually stands there: it ends the WebSockets of clients and passes bytes on. Runs on core 0, like every server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nginxPath } from '../harness/machine.js';
import { startPinned, stop } from '../harness/pinned.js';
import { pause } from '../wire/until.js';
import { freePort } from './free-port.js';

export interface Nginx {
  readonly port: number;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

const START_TRIES = 100;

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** A connection takes two descriptors: two workers carry 10,000 with 20,000 descriptors each. */
const config = (folder: string, port: number, upstream: number): string => `
worker_processes 2;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 19000; multi_accept on; }
http {
  access_log off;
  client_body_temp_path ${folder}/t; proxy_temp_path ${folder}/t; fastcgi_temp_path ${folder}/t; uwsgi_temp_path ${folder}/t; scgi_temp_path ${folder}/t;
  server {
    listen 127.0.0.1:${port} backlog=8192;
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      proxy_read_timeout 300s;
      proxy_buffering off;
    }
  }
}
`;

/** @throws when it does not come up. */
export async function startNginx(upstream: number): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-nginx-'));
  mkdirSync(join(folder, 't'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), config(folder, port, upstream));
  const started = startPinned(0, nginxPath(), ['-p', folder, '-c', join(folder, 'nginx.conf')]);
  for (let tries = 0; childrenOf(started.pid).length < 2; tries += 1) {
    if (tries === START_TRIES || started.child.exitCode !== null) throw new Error('nginx did not start');
    await pause(20);
  }
  return {
    port,
    pids: [started.pid, ...childrenOf(started.pid)],
    stop: async () => {
      await stop(started);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
