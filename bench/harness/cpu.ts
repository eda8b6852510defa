/** CPU time of processes, read from the outside, all threads included: what the kernel calls utime + stime. */
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel's clock tick, µs: USER_HZ is 100 on Linux. */
const TICK_US = 10_000;
/** Places of utime and stime behind the process name, which may hold spaces. */
const UTIME_AT = 11;

/** utime + stime of /proc/<pid>/stat, µs, in ticks. Threads that have ended count. @throws when there is no such process. */
function statUs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME_AT]) + Number(fields[UTIME_AT + 1])) * TICK_US;
}

/** The same time in ns, from the scheduler's own count of each living thread, where the kernel keeps it. */
function threadsUs(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000, 0);
  } catch {
    return 0;
  }
}

/** CPU time that the processes have used so far, µs: by the finer count, unless threads have ended and taken their share of it with them. */
export function cpuUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Math.max(statUs(pid) - 2 * TICK_US, threadsUs(pid)), 0);
}

/** Resident memory, bytes. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!match) throw new Error(`process ${pid} has no memory`);
  return Number(match[1]) * 1024;
}
