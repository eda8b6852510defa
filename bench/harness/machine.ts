/** The machine: what it has, and what is missing on it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { Need } from './types.js';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly openFilesMax: number;
  /** Whether processes can be pinned to cores: `taskset` is there, and there are two cores. */
  readonly pins: boolean;
  /** Version of each program that a peer needs; absent: it is not installed. */
  readonly programs: Readonly<Partial<Record<Need, string>>>;
}

/** Debian's nginx lies outside the search path of some users. */
export const nginxPath = (): string => (answers('nginx', ['-v']) === undefined ? '/usr/sbin/nginx' : 'nginx');

function answers(command: string, args: readonly string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? `${stdout}${stderr}`.trim() : undefined;
}

function openFilesMax(): number {
  const match = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  return match ? Number(match[1]) : 1024;
}

export function lookAtMachine(): Machine {
  const redis = /v=([\d.]+)/.exec(answers('redis-server', ['--version']) ?? '')?.[1];
  const nginx = /nginx\/([\d.]+)/.exec(answers(nginxPath(), ['-v']) ?? '')?.[1];
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    openFilesMax: openFilesMax(),
    pins: availableParallelism() > 1 && answers('taskset', ['-V']) !== undefined,
    programs: { ...(redis === undefined ? {} : { redis }), ...(nginx === undefined ? {} : { nginx }) },
  };
}
