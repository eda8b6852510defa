/** `server.properties` of one broker, which is its own controller (KRaft in combined mode). */
import { securedListeners, securedProperties, securedProtocols, type SecuredLayout } from './kafka-secured.js';

export interface KafkaLayout {
  readonly brokers: 1 | 3;
  /** Ports of the brokers, then of their controllers, then of the listeners behind proxies. */
  readonly ports: readonly number[];
  /** Ports of the proxies: clients that come in behind them are told these, so they stay behind them. */
  readonly advertised?: readonly number[];
  /** Of the one broker. */
  readonly secured?: SecuredLayout;
}

export function brokerPort({ ports }: KafkaLayout, id: number): number {
  return ports[id - 1] as number;
}

export function controllerPort({ brokers, ports }: KafkaLayout, id: number): number {
  return ports[brokers + id - 1] as number;
}

/** Where the proxy of a broker finds it. */
export function listenerPort({ brokers, ports }: KafkaLayout, id: number): number {
  return ports[2 * brokers + id - 1] as number;
}

export function kafkaProperties(layout: KafkaLayout, id: number, logFolder: string): string {
  const own = { broker: brokerPort(layout, id), controller: controllerPort(layout, id) };
  const front = layout.advertised?.[id - 1];
  const { secured } = layout;
  const guarded = secured === undefined ? '' : `,${securedListeners(secured)}`;
  const single = layout.brokers === 1;
  const replicas = single ? 1 : 3;
  const inSyncMin = single ? 1 : 2;
  return lines({
    'process.roles': 'broker,controller',
    'node.id': id,
    ...quorum(layout),
    listeners: `PLAINTEXT://127.0.0.1:${own.broker},CONTROLLER://127.0.0.1:${own.controller}${front === undefined ? '' : `,FRONTED://127.0.0.1:${listenerPort(layout, id)}`}${guarded}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${own.broker}${front === undefined ? '' : `,FRONTED://127.0.0.1:${front}`}${guarded}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT${front === undefined ? '' : ',FRONTED:PLAINTEXT'}${secured === undefined ? '' : `,${securedProtocols}`}`,
    'log.dirs': logFolder,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSyncMin,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSyncMin,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSyncMin,
    'unclean.leader.election.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'auto.create.topics.enable': false,
    ...quickFailover,
    ...(secured === undefined ? {} : securedProperties(secured)),
  });
}

/**
 * By default a killed broker stalls writes that wait for all replicas for 9 s and more, and is itself not let in again for as long; and a follower that asked
 * the leader of before looks for the new one a second later, while such writes wait for it.
 */
const quickFailover = {
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 500,
  'replica.lag.time.max.ms': 3000,
  'replica.fetch.backoff.ms': 100,
};

function quorum(layout: KafkaLayout): Record<string, string> {
  const at = (id: number): string => `127.0.0.1:${controllerPort(layout, id)}`;
  if (layout.brokers === 1) return { 'controller.quorum.bootstrap.servers': at(1) };
  return { 'controller.quorum.voters': [1, 2, 3].map((id) => `${id}@${at(id)}`).join(',') };
}

function lines(properties: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join('');
}
