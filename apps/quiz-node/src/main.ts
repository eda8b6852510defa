/**
 * The quiz-node as a process. Owns its beginning and its end: configuration, data folder, HTTP server, the line that says it is ready, signals, exit codes.
 * Exit codes: 0 drained, 1 a fault after which a restart helps, 2 the configuration, the port, the data folder or the name cannot be used.
 */
import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { JournalError } from '@ringmaster/actors';
import { answerPeers, PEERS_PATH } from '@ringmaster/actors/adapters/http/peers';
import { DataDirError } from '@ringmaster/actors/adapters/lmdb/store';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { acceptLinks } from '@ringmaster/actors/adapters/ws/link-acceptor';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { ClusterSetupError } from './cluster-config.js';
import { ConfigError, helpText, readConfig, type NodeConfig } from './config.js';
import { acceptRouters } from './gateway/links.js';
import { KeysError } from './http/api-keys.js';
import { limitRequests } from './http/request-limits.js';
import { mountRest } from './http/rest.js';
import { buildNode, clusterView } from './node.js';
import { drainer } from './ops/drain.js';
import { createLogger, nestLogger } from './ops/logging.js';
import { watchJournal } from './ops/journal-metrics.js';
import { nodeMetrics } from './ops/metrics.js';
import { openPorts } from './ports.js';
import { QuizNodeModule, type NodeParts } from './quiz-node.module.js';

const EXIT = { drained: 0, fault: 1, unusable: 2 } as const;
const BOOT_BYTES = 9;
const READY_LOOK_MS = 20;

async function run(config: NodeConfig, logger: Logger): Promise<void> {
  const note = (event: string, about: Readonly<Record<string, unknown>>): void => logger.info(about, event);
  const clock = systemClock;
  const timers = systemTimers({ keepAlive: true });
  const boot = Buffer.from(systemRandom.bytes(BOOT_BYTES)).toString('base64url');
  const onFatal = (error: Error): void => {
    logger.fatal({ error: error.message }, 'the journal cannot be written any more');
    process.exit(EXIT.fault);
  };

  let drained: number = EXIT.drained;
  // Two processes of one name would claim in turn; started again, this one would only take the name back.
  const replaced = (): void => {
    drained = EXIT.unusable;
    drain('a later process bears this name');
  };

  const registry = new Registry();
  const opened = await openPorts(config, { boot, clock, timers, random: systemRandom, onFatal, note, replaced, registry });
  const ports = { ...opened, journal: watchJournal(registry, opened.journal, clock) };
  const { edge, region } = buildNode(config, ports, {
    boot, clock, timers, random: systemRandom, note, mayTrim: (shard, below) => rest.mayTrim(shard, below),
    answered: (ms) => metrics.answered(ms),
    shardTimes: { recovered: (ms) => metrics.recovered(ms), handedOver: (ms) => metrics.handedOver(ms) },
  });
  let draining = false;
  const served = (): boolean => region.stats().unclear === 0;
  const metrics = nodeMetrics(edge.counters, () => {
    const { owned, halted, unsettled, unclear, hot, entities, mailboxed } = region.stats();
    return {
      shardsOwned: owned, shardsHalted: halted, shardsStalled: edge.tally.stalledShards, shardsUnsettled: unsettled, shardsUnclear: unclear, shardsOfCluster: config.shards,
      entitiesHot: hot, entities, mailboxed,
      sessionsConnected: edge.presence.sessions, decks: edge.decks.size, links: edge.routers.length,
    };
  }, registry);
  const drain = drainer(
    {
      stopAccepting: () => {
        draining = true;
        stopLinks();
      },
      handOver: async () => {
        rest.stop();
        await rest.archived();
        await ports.membership.leave();
        await region.drain();
      },
      closeLinks: () => edge.close(),
      closeStore: async () => {
        region.stop();
        await ports.close();
      },
    },
    { after: (ms, fn) => timers.after(ms, fn), note, kill: () => process.kill(process.pid, 'SIGKILL'), exit: (code) => process.exit(code === 0 ? drained : code) },
    config.drainMsMax,
  );
  const parts: NodeParts = {
    config, clock, region, edge, metrics, drain, records: ports.records, peers: ports.peers, isReady: () => !draining && served(), isFull: ports.isFull,
  };

  const app = await NestFactory.create(QuizNodeModule.of(parts), { logger: nestLogger(logger), bodyParser: false, abortOnError: false });
  app.use(PEERS_PATH, answerPeers({ secret: config.linkSecret, probe: (shard, epoch) => region.probeAnswer(shard, epoch), take: (shard) => region.take(shard), shards: () => region.reports() }));
  const rest = mountRest(app.getHttpAdapter().getInstance() as Express, {
    desk: edge.desk, shards: region, records: ports.records, journal: ports.journal, clock, timers, random: systemRandom,
    hostApiKey: config.hostApiKey, apiKeysFile: config.apiKeysFile, publicUrl: config.publicUrl, retentionDays: config.retentionDays, nodeName: config.nodeName, limits: config.limits,
    isFull: ports.isFull, isReady: parts.isReady, connections: (sessionId) => edge.presence.connections(sessionId), drain,
    cluster: clusterView(config, ports, region), metrics: metrics.read, requested: metrics.requested, note,
  });
  const server = app.getHttpServer() as Server;
  limitRequests(server, config.limits);
  const stopLinks = acceptRouters(server, edge, { accept: acceptLinks, secret: config.linkSecret });
  await app.listen(config.port, config.host);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => drain(signal));
  if (config.exitWithParent) {
    process.stdin.on('end', () => drain('parent is gone'));
    process.stdin.on('error', () => drain('parent is gone'));
    process.stdin.resume();
  }

  const { port } = server.address() as AddressInfo;
  await ports.membership.join({ kind: 'node', name: config.nodeName, boot, address: config.cluster?.advertise ?? `${config.host}:${port}` });
  region.start();
  const announce = (): void => {
    if (served()) process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
    else if (!draining) timers.after(READY_LOOK_MS, announce);
  };
  announce();
}

/** What a person who starts the program can do something about, in one line, and whether starting it again may help; undefined for faults of ours. */
function known(error: unknown): { readonly text: string; readonly exit: number } | undefined {
  if (error instanceof ConfigError || error instanceof KeysError || error instanceof ClusterSetupError) return { text: error.message, exit: EXIT.unusable };
  if (error instanceof DataDirError) return { text: `${error.code}: ${error.message}`, exit: EXIT.unusable };
  // A service that does not answer may do so soon.
  if (error instanceof JournalError) return { text: `${error.code}: ${error.message}`, exit: error.kind === 'unknown' ? EXIT.fault : EXIT.unusable };
  const { code, message } = error as NodeJS.ErrnoException;
  return code !== undefined && /^E[A-Z]+$/.test(code) ? { text: message, exit: EXIT.unusable } : undefined;
}

function fail(error: unknown): never {
  const { text, exit } = known(error) ?? { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exit: EXIT.fault };
  process.stderr.write(`quiz-node: ${text}\n`);
  process.exit(exit);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(`${helpText()}\n`);
    return;
  }
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel, config.nodeName);
  // Actors recover from the log: a process in an unknown state does not go on.
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ error: reason instanceof Error ? reason.stack : String(reason) }, 'unhandled rejection');
    process.exit(EXIT.fault);
  });
  await run(config, logger);
}

main().catch(fail);
