/** What this machine has of the programs that the servers need. Each is looked at once. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { dynamoHome } from './dynamodb.js';
import type { ServerName } from './environment.js';
import { addressesGiven } from './environment.js';
import { kafkaIsCached } from './kafka-jars.js';

export interface Machine {
  /** The environment names a server that runs already. */
  isGiven(name: ServerName): boolean;
  hasProgram(name: string): boolean;
  /** The major version of `java`; undefined when there is none that runs. */
  javaVersion(): number | undefined;
  hasKafkaJars(): boolean;
  hasDynamoJar(): boolean;
}

let java: number | 'none' | undefined;

export const thisMachine: Machine = {
  isGiven: (name) => addressesGiven(name) !== undefined,
  hasProgram: (name) => (process.env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && isExecutable(join(folder, name))),
  javaVersion: () => {
    java ??= majorOf(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '') ?? 'none';
    return java === 'none' ? undefined : java;
  },
  hasKafkaJars: kafkaIsCached,
  hasDynamoJar: () => dynamoHome() !== undefined,
};

/** Of `openjdk version "17.0.15"`, or of `java version "1.8.0"` as it was called before 9. */
export function majorOf(printed: string): number | undefined {
  const version = /version "(?:1\.)?(\d+)/.exec(printed);
  return version ? Number(version[1]) : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
