/** The programs of Kafka: downloaded once through Maven into the cache, and used by plain Java from there. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './file-lock.js';
import { cacheFolder } from './places.js';
import { removeFolder } from './run-folder.js';

const version = '4.1.0';
const home = join(cacheFolder, `kafka-${version}`);
const lib = join(home, 'lib');
const pom = join(import.meta.dirname, 'kafka', 'pom.xml');

const DOWNLOAD_MS_MAX = 600_000;
const TELL_EVERY_MS = 5_000;

export function kafkaIsCached(): boolean {
  return existsSync(lib);
}

/** The class path of Kafka; downloads it (43 MB) when it is not there. @throws Error with what Maven said */
export async function kafkaClassPath(say: (line: string) => void): Promise<string> {
  if (!kafkaIsCached()) await withLock(join(cacheFolder, `kafka-${version}.lock`), DOWNLOAD_MS_MAX, async () => {
    if (!kafkaIsCached()) await download(say);
  });
  return join(lib, '*');
}

/** The folder appears under its name when it is whole, so a download that was cut off is never taken for Kafka. */
async function download(say: (line: string) => void): Promise<void> {
  const part = join(home, `part.${randomBytes(4).toString('hex')}`);
  mkdirSync(part, { recursive: true });
  const began = performance.now();
  const tell = (what: string): void => say(`Kafka ${version} (43 MB, once): ${what}, ${Math.round((performance.now() - began) / 1000)} s`);
  tell('download through Maven');
  const timer = setInterval(() => tell('still downloading'), TELL_EVERY_MS);
  try {
    await maven(['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${part}`, '-DincludeScope=runtime']);
    if (!existsSync(join(part, `kafka_2.13-${version}.jar`))) throw new Error(`Maven said nothing, but Kafka is not in ${part}`);
    if (!kafkaIsCached()) renameSync(part, lib);
    tell('there');
  } finally {
    clearInterval(timer);
    removeFolder(part);
  }
}

async function maven(args: readonly string[]): Promise<void> {
  const child = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (printed += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`Kafka could not be downloaded: mvn ended with code ${code}:\n${printed.slice(-2_000)}`);
}
