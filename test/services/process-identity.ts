/** Which process a number means: numbers are used again, so a process is known by its number and the moment of its start. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** One word that no later process of the same number has; undefined when there is no such process, or it has ended. */
export function startOf(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? startInProc(pid) : startFromPs(pid);
}

export function isAlive(pid: number, start: string): boolean {
  return startOf(pid) === start;
}

/** Linux: clock ticks from boot to the start, field 22 of proc(5). A zombie has ended. */
function startInProc(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, with any sign in it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const [state, ...start] = (stdout ?? '').trim().split(/\s+/);
  return !state || state.startsWith('Z') ? undefined : start.join('-').replaceAll(':', '-');
}
