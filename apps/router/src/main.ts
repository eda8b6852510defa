/** The router program: reads its configuration, serves, and drains when it is told to end. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { JoinableMembership } from '@ringmaster/actors';
import { systemRandom } from '@ringmaster/actors/adapters/system/clock';
import type { Logger } from 'pino';
import { helpText, readConfig, type RouterConfig } from './config.js';
import { Router } from './core/router.js';
import { NodePools } from './http/node-pools.js';
import { requestListener } from './http/own-routes.js';
import { sendProblem } from './http/problem.js';
import type { RouterMetrics } from './ops/metrics.js';
import { HTTP_SERVER, LOGGER, MEMBERSHIP, METRICS, RouterModule } from './router.module.js';

/** The exit code of a program that cannot run as it is set up: starting it again is useless. */
const EXIT_UNUSABLE = 2;
/** After the drain the loop should be empty; what is left is not waited for longer than this, ms. */
const LINGER_MS = 500;
const BOOT_BYTES = 9;
/** The program says that it is ready when it can serve, or after so long without a node: clients are then refused with 503, and /readyz says so, ms. */
const READY_WAIT_MS = 10_000;
const READY_LOOK_MS = 20;

async function main(): Promise<void> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(`${helpText()}\n`);
    return;
  }
  let config: RouterConfig;
  try {
    config = readConfig(process.env);
    if (config.redis !== null) {
      // Whoever does not need the client does not load it.
      const { checkRedisAccess } = await import('@ringmaster/actors/adapters/redis/access');
      await checkRedisAccess(config.redis);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(`${code === undefined ? '' : `${code}: `}${message}\n`);
    process.exitCode = EXIT_UNUSABLE;
    return;
  }
  const app = await NestFactory.createApplicationContext(RouterModule.of(config), { logger: false, abortOnError: false });
  const logger = app.get<Logger>(LOGGER);
  const router = app.get(Router);
  const server = app.get<Server>(HTTP_SERVER);
  dieOnBrokenPromises(logger);
  if (Object.keys(config.changedLimits).length > 0) logger.info({ limits: config.changedLimits }, 'limits changed');

  const servers = [server];
  try {
    await listen(server, config.port, config.host);
    if (config.metricsPort !== null) {
      const own = metricsServer(router, app.get<RouterMetrics>(METRICS));
      servers.push(own);
      await listen(own, config.metricsPort, config.host);
    }
  } catch (error) {
    process.stderr.write(`cannot listen: ${(error as Error).message}\n`);
    process.exitCode = EXIT_UNUSABLE;
    for (const each of servers) each.close();
    return;
  }
  const membership = app.get<JoinableMembership>(MEMBERSHIP);
  const isDraining = endWhenTold(config, logger, router, async () => {
    // Not sooner: a close waits for the clock of every router of the membership (T3), and this one may still have answers.
    await membership.leave();
    await membership.close();
    router.stop();
    for (const each of servers) {
      each.close();
      each.closeAllConnections();
    }
    // A pipe whose other end is still open would keep the loop alive.
    process.stdin.destroy();
    await app.get(NodePools).close();
    await app.close();
  });
  const { port } = server.address() as AddressInfo;
  // No player comes in before the owners know that this router has to be waited for (T3).
  await membership.join({ kind: 'router', name: config.routerName, boot: Buffer.from(systemRandom.bytes(BOOT_BYTES)).toString('base64url'), address: `${config.host}:${port}` });
  router.start();
  logger.info({ port, nodes: config.nodes }, 'listening');
  const until = performance.now() + READY_WAIT_MS;
  const announce = (): void => {
    if (isDraining()) return;
    if (router.ready || performance.now() >= until) process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
    else setTimeout(announce, READY_LOOK_MS);
  };
  announce();
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function metricsServer(router: Router, metrics: RouterMetrics): Server {
  const nothing = { status: 404, kind: '404', detail: 'there is /metrics, /livez and /readyz here' } as const;
  return createServer(requestListener({ ready: () => router.ready, metrics: metrics.read, forward: async (_request, response) => sendProblem(response, nothing) }));
}

/** Drains once, whoever asks first; a second signal ends at once. @returns whether it has begun to. */
function endWhenTold(config: RouterConfig, logger: Logger, router: Router, close: () => Promise<void>): () => boolean {
  let draining = false;
  const end = (why: string): void => {
    if (draining) return leave();
    draining = true;
    logger.info({ why, sockets: router.gauges.sockets }, 'draining');
    let closed = false;
    const finish = (how: string): void => {
      if (closed) return;
      closed = true;
      logger.info({ how }, 'drained');
      // The process ends when its loop is empty.
      void close().finally(() => setTimeout(leave, LINGER_MS).unref());
    };
    router.drain(() => finish('all clients told, all frames done'));
    setTimeout(() => finish('out of patience'), config.drainMsMax).unref();
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGINT', () => end('SIGINT'));
  const isDraining = (): boolean => draining;
  if (!config.exitWithParent) return isDraining;
  process.stdin.on('end', () => end('parent ended'));
  process.stdin.on('error', () => end('parent ended'));
  process.stdin.resume();
  return isDraining;
}

/** Not by `process.exit()`, which was seen to hang now and then: a signal that cannot be caught does not. */
function leave(): void {
  process.kill(process.pid, 'SIGKILL');
}

function dieOnBrokenPromises(logger: Logger): void {
  const die = (error: unknown): void => {
    logger.fatal({ err: error }, 'unexpected error: the process ends');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
}

await main();
