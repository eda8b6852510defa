/** The composition root: the one place where the core, the edges and the adapters meet. */
import { createServer, type Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import { placeShards, shardOf, type JoinableMembership } from '@ringmaster/actors';
import { staticMembership } from '@ringmaster/actors/adapters/static/membership';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { WsLinkDialer } from '@ringmaster/actors/adapters/ws/link-dialer';
import { pino, type Logger } from 'pino';
import type { RouterConfig } from './config.js';
import { Router } from './core/router.js';
import { openDoor } from './edge/upgrade.js';
import { Forward } from './http/forward.js';
import { NodePools } from './http/node-pools.js';
import { requestListener } from './http/own-routes.js';
import { routerMetrics, type RouterMetrics } from './ops/metrics.js';

/** Request bodies that can be sent again to another node; the largest body of the REST surface is 1 MiB. */
const HELD_BYTES_MAX = 2 * 1024 * 1024;
const PAUSE_MS = 100;
/** How late a request that takes too long is noticed at most. */
const LOOK_EVERY_MS = 1_000;

export const LOGGER = Symbol('Logger');
export const MEMBERSHIP = Symbol('Membership');
export const METRICS = Symbol('RouterMetrics');
export const HTTP_SERVER = Symbol('HttpServer');

@Module({})
export class RouterModule {
  static of(config: RouterConfig): DynamicModule {
    return {
      module: RouterModule,
      providers: [
        { provide: LOGGER, useFactory: () => pino({ level: config.logLevel, base: { router: config.routerName } }, pino.destination({ fd: 2, sync: true })) },
        { provide: MEMBERSHIP, inject: [LOGGER], useFactory: (logger: Logger) => membershipOf(config, logger) },
        { provide: Router, inject: [LOGGER, MEMBERSHIP], useFactory: (logger: Logger, membership: JoinableMembership) => routerOf(config, membership, logger) },
        { provide: METRICS, inject: [Router, MEMBERSHIP], useFactory: routerMetrics },
        { provide: NodePools, inject: [Router], useFactory: (router: Router) => new NodePools((node) => router.addressOf(node)) },
        {
          provide: Forward,
          inject: [Router, NodePools, METRICS],
          useFactory: (router: Router, pools: NodePools, metrics: RouterMetrics) =>
            new Forward({
              pools,
              places: router,
              trustedProxies: config.trustedProxies,
              hopsMax: config.limits.hopsMax,
              searchMsMax: config.forwardSearchMsMax,
              pauseMs: PAUSE_MS,
              heldBytesMax: HELD_BYTES_MAX,
              mono: () => systemClock.mono(),
              pause: (ms) => pause(ms),
              counted: metrics.forwarded,
            }),
        },
        { provide: HTTP_SERVER, inject: [Router, Forward, METRICS], useFactory: (router: Router, forward: Forward, metrics: RouterMetrics) => serverOf(config, router, forward, metrics) },
      ],
    };
  }
}

/** The nodes as they are configured, or as Redis knows them. */
async function membershipOf({ redis, nodes, routerName }: RouterConfig, logger: Logger): Promise<JoinableMembership> {
  const note = (event: string, about: Readonly<Record<string, unknown>>): void => logger.info(about, event);
  if (redis !== null) {
    // Whoever does not need its client does not load it.
    const { RedisMembership } = await import('@ringmaster/actors/adapters/redis/membership');
    return new RedisMembership({ ...redis, clock: systemClock, timers: systemTimers({ keepAlive: true }), note });
  }
  // A router does not tell nodes apart by boot: the link's welcome does.
  return staticMembership({ nodes: nodes.map(({ name, address }) => ({ name, address, boot: '' })), routers: [routerName] });
}

function routerOf(config: RouterConfig, membership: JoinableMembership, logger: Logger): Router {
  return new Router({
    name: config.routerName,
    shards: config.shards,
    limits: config.limits,
    clock: systemClock,
    timers: systemTimers({ keepAlive: true }),
    random: systemRandom,
    dialer: new WsLinkDialer(config.linkSecret === null ? {} : { secret: config.linkSecret }),
    membership,
    placement: { shardOf, placeShards },
    note: (event, about) => logger.info(about, event),
  });
}

function serverOf({ limits, allowedOrigins, trustedProxies }: RouterConfig, router: Router, forward: Forward, metrics: RouterMetrics): Server {
  const listener = requestListener({ ready: () => router.ready, metrics: metrics.read, forward: (request, response) => forward.handle(request, response) });
  const server = createServer(
    {
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      maxHeaderSize: limits.headerBytesMax,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
    listener,
  );
  // Calls over HTTP need room too when all sockets are taken.
  server.maxConnections = limits.socketsMax + limits.unauthenticatedSocketsMax;
  server.on('upgrade', openDoor({ router, limits, allowedOrigins, trustedProxies }));
  return server;
}
