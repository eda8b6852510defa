import { Admin } from '@platformatic/kafka';

const ANSWER_MS_MAX = 3_000;

/**
 * Whether the brokers form one cluster: each of them knows all, and every partition that one of them could lead has a leader
 * among them, with all of them in sync that hold it. Throws while a broker cannot be asked.
 * @param ids node ids of the brokers at `addresses`
 */
export async function kafkaAnswers(addresses: readonly string[], ids?: readonly number[]): Promise<boolean> {
  const asked = await Promise.all(addresses.map((address) => whatItKnows(address)));
  const living = ids ?? asked[0]?.brokers ?? [];
  return living.length >= addresses.length && asked.every(({ brokers, partitions }) =>
    living.every((id) => brokers.includes(id)) && brokers.length === living.length &&
    partitions.every(({ leader, isr, replicas }) => {
      const holders = replicas.filter((id) => living.includes(id));
      return holders.length === 0 || (living.includes(leader) && holders.every((id) => isr.includes(id)));
    }));
}

async function whatItKnows(address: string) {
  const [host = '', port] = address.split(':');
  const admin = new Admin({ clientId: 'readiness', bootstrapBrokers: [{ host, port: Number(port) }], retries: 0, connectTimeout: ANSWER_MS_MAX, timeout: ANSWER_MS_MAX });
  try {
    const names = await admin.listTopics({ includeInternals: true });
    const { brokers, topics } = await admin.metadata({ topics: names, forceUpdate: true });
    return { brokers: [...brokers.keys()], partitions: [...topics.values()].flatMap((topic) => topic.partitions) };
  } finally {
    await admin.close();
  }
}
