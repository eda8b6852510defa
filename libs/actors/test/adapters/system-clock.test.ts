import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { clockContract, randomContract } from '../contract/clock.contract.js';

clockContract('system', systemClock, systemTimers({ keepAlive: true }));
randomContract('system', systemRandom);

describe('timers of the system', () => {
  const run = async (keepAlive: boolean): Promise<string> => {
    const program = `
      const { systemTimers } = await import('@ringmaster/actors/adapters/system/clock');
      systemTimers({ keepAlive: ${String(keepAlive)} }).after(50, () => process.stdout.write('fired'));
    `;
    const root = join(import.meta.dirname, '../../../..');
    const child = spawn(process.execPath, ['--import', './scripts/ts-hooks.mjs', '--input-type=module', '-e', program], { cwd: root });
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    return said;
  };

  test('keep the process alive, or not, as told', async () => {
    expect(await run(true)).toBe('fired');
    expect(await run(false)).toBe('');
  });
});
