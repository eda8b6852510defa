/**
 * Leaders of partitions moved by hand, while every broker lives: what an operator does who empties a broker or evens the load out. The order of the
 * replicas is changed, which moves no data, and then the first of them is elected. Neither client has the election, so it is written down here.
 */
import { Admin, alterPartitionReassignmentsV0, Connection, createAPI, Writer, type Reader } from '@platformatic/kafka';
import { until } from './until.js';

const ANSWER_MS_MAX = 5_000;
const ELECT_LEADERS = 43;
/** That broker leads already: it was elected meanwhile. */
const ELECTION_NOT_NEEDED = 84;

interface Partition {
  readonly topic: string;
  readonly partition: number;
  /** The wanted leader first. */
  readonly replicas: readonly number[];
}

/** ElectLeaders, version 0, which knows the preferred election alone (KIP-183). */
const electLeaders = createAPI<[partitions: readonly Partition[], timeoutMs: number], readonly number[]>(
  ELECT_LEADERS, 0,
  (partitions: readonly Partition[], timeoutMs: number) =>
    Writer.create()
      .appendArray([...byTopic(partitions)], (to, [topic, some]) => void to.appendString(topic, false).appendArray(some, (each, { partition }) => void each.appendInt32(partition), false, false), false, false)
      .appendInt32(timeoutMs),
  (_correlation: number, _key: number, _version: number, answer: Reader) => {
    answer.readInt32(); // for how long the broker throttles
    return answer.readArray((of) => {
      of.readString(false);
      return of.readArray((each) => {
        each.readInt32();
        const error = each.readInt16();
        each.readNullableString(false);
        return error;
      }, false, false);
    }, false, false).flat();
  },
  false, false,
);

/**
 * Has each partition led by the next of its replicas that is in sync. @returns how many leaders were moved
 * @throws Error where no partition has a second replica in sync, or the brokers refuse
 */
export async function moveLeaders(addresses: readonly string[]): Promise<number> {
  const admin = new Admin({ clientId: 'leaders', bootstrapBrokers: [...addresses], retries: 0, connectTimeout: ANSWER_MS_MAX, timeout: ANSWER_MS_MAX });
  try {
    const wanted = rotated(await known(admin));
    if (wanted.length === 0) throw new Error('no partition has another replica in sync: this takes three brokers');
    await elect(addresses, wanted);
    // A broker hears of it a little later than the controller.
    await until('the elected to lead', ANSWER_MS_MAX, async () => {
      const leaders = new Map((await known(admin)).map(({ topic, partition, leader }) => [`${topic} ${partition}`, leader]));
      return wanted.every(({ topic, partition, replicas: [first] }) => leaders.get(`${topic} ${partition}`) === first) || undefined;
    });
    return wanted.length;
  } finally {
    await admin.close();
  }
}

async function elect(addresses: readonly string[], partitions: readonly Partition[]): Promise<void> {
  await withConnection(addresses, async (connection) => {
    const topics = [...byTopic(partitions)].map(([name, some]) => ({ name, partitions: some.map(({ partition, replicas }) => ({ partitionIndex: partition, replicas: [...replicas] })) }));
    await alterPartitionReassignmentsV0.api.async(connection, ANSWER_MS_MAX, false, topics);
    const refused = (await electLeaders.async(connection, partitions, ANSWER_MS_MAX)).filter((error) => error !== 0 && error !== ELECTION_NOT_NEEDED);
    if (refused.length > 0) throw new Error(`${refused.length} of ${partitions.length} leaders were not moved: Kafka's errors ${[...new Set(refused)].join(', ')}`);
  });
}

interface Known extends Partition {
  readonly leader: number;
  readonly isr: readonly number[];
}

async function known(admin: Admin): Promise<Known[]> {
  const { topics } = await admin.metadata({ topics: await admin.listTopics(), forceUpdate: true });
  return [...topics].flatMap(([topic, { partitions }]) => Object.entries(partitions).map(([partition, { leader, replicas, isr }]) => ({ topic, partition: Number(partition), leader, replicas, isr })));
}

/** Those that have another replica in sync, with the next one after the leader in front. */
function rotated(partitions: readonly Known[]): Partition[] {
  return partitions.flatMap(({ topic, partition, leader, replicas, isr }) => {
    const at = replicas.indexOf(leader) + 1;
    const ring = [...replicas.slice(at), ...replicas.slice(0, at)];
    const next = ring.findIndex((id) => id !== leader && isr.includes(id));
    return next < 0 ? [] : [{ topic, partition, replicas: [...ring.slice(next), ...ring.slice(0, next)] }];
  });
}

/** To the first broker that answers: each passes on what is for the controller. */
async function withConnection<T>(addresses: readonly string[], work: (connection: Connection) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const address of addresses) {
    const [host = '', port] = address.split(':');
    const connection = new Connection('leaders', { connectTimeout: ANSWER_MS_MAX, requestTimeout: ANSWER_MS_MAX });
    try {
      await connection.connect(host, Number(port));
    } catch (error) {
      failure = error;
      continue;
    }
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }
  throw failure;
}

function byTopic(partitions: readonly Partition[]): Map<string, Partition[]> {
  const topics = new Map<string, Partition[]>();
  for (const each of partitions) topics.set(each.topic, [...(topics.get(each.topic) ?? []), each]);
  return topics;
}
