/**
 * Servers that stay when the command that started them ends. Owns `.services/up/<name>`: data, logs and the note of which
 * processes they are, by number and start. They begin empty at every `up`; `down` removes their data.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dynamoRecipe } from './dynamodb.js';
import { portOf, portVariable, type ServerName } from './environment.js';
import { kafkaRecipe } from './kafka.js';
import { cacheFolder } from './places.js';
import { isFree } from './ports.js';
import { isAlive, startOf } from './process-identity.js';
import { redisRecipe } from './redis.js';
import { removeFolder } from './run-folder.js';
import type { Recipe } from './running.js';
import type { ServerSpec } from './server-process.js';
import { Hopeless, until } from './until.js';

const PORT_MS_MAX = 2_000;
const READY_MS_MAX = 120_000;
const END_MS_MAX = 15_000;

/** A start of undefined: it was gone before it could be looked at. */
interface Note {
  readonly brokers: 1 | 3;
  readonly ports: readonly number[];
  readonly processes: readonly { readonly pid: number; readonly start: string | undefined; readonly log: string }[];
}

export interface Health {
  readonly pids: readonly number[];
  /** Those at which clients connect. */
  readonly ports: readonly number[];
  readonly state: 'healthy' | 'does not answer' | 'gone';
}

type Say = (line: string) => void;

export class Background {
  constructor(private readonly say: Say, private readonly folder = join(cacheFolder, 'up')) {}

  /** Starts it unless it is up; resolves when it answers. @throws Error that says what is in the way */
  async up(name: ServerName, brokers: 1 | 3): Promise<readonly string[]> {
    const health = await this.health(name);
    const before = this.note(name);
    if (before && health?.state === 'healthy' && before.brokers === brokers) this.say(`${name} is up already`);
    else if (health && health.state !== 'gone') throw new Error(`${name} is up with ${before?.brokers} server(s) and ${health.state}; run "down" first`);
    else await this.start(name, brokers);
    return this.addresses(name);
  }

  /** Resolves when it has ended, and its data are removed. @returns false when it was not up */
  async down(name: ServerName): Promise<boolean> {
    const living = this.living(name);
    for (const { pid } of living) process.kill(pid, 'SIGTERM');
    const ended = () => this.living(name).length === 0 || undefined;
    await until(`${name} ends`, END_MS_MAX, ended).catch(async () => {
      this.say(`${name} does not end by itself and is killed`);
      for (const { pid } of this.living(name)) process.kill(pid, 'SIGKILL');
      await until(`${name} ends`, END_MS_MAX, ended);
    });
    removeFolder(this.place(name));
    return living.length > 0;
  }

  /** Undefined when it was never started, or taken down. */
  async health(name: ServerName): Promise<Health | undefined> {
    const note = this.note(name);
    if (!note) return undefined;
    const living = this.living(name);
    const answers = living.length > 0 && (await recipeOf(name, note.brokers, this.say).answers(note.ports, note.processes.map(() => true)).catch(() => false));
    return { pids: living.map(({ pid }) => pid), ports: note.ports.slice(0, note.processes.length), state: living.length === 0 ? 'gone' : answers ? 'healthy' : 'does not answer' };
  }

  private async start(name: ServerName, brokers: 1 | 3): Promise<void> {
    const recipe = recipeOf(name, brokers, this.say);
    const first = portOf(name);
    const ports = Array.from({ length: recipe.portsCount }, (_, index) => first + index);
    for (const port of ports) {
      // The system may take a moment to give back the port of a server that has just died.
      const free = await until(`port ${port} is free`, PORT_MS_MAX, async () => (await isFree(port)) || undefined).catch(() => false);
      if (!free) throw new Error(`port ${port}, for ${name}, is taken; ${portVariable[name]} chooses another${ports.length > 1 ? ` (the first of ${ports.length})` : ''}`);
    }
    const folder = this.place(name);
    removeFolder(folder);
    mkdirSync(folder, { recursive: true });
    this.say(`${name}: starting`);
    const servers = await recipe.prepare(folder, ports);
    const processes = servers.map(({ spec }) => leaveBehind(spec));
    const note: Note = { brokers, ports, processes };
    writeFileSync(join(folder, 'note.json'), JSON.stringify(note));
    try {
      await until(`${name} answers`, READY_MS_MAX, async () => {
        const dead = processes.find(({ pid, start }) => start === undefined || !isAlive(pid, start));
        if (dead) throw new Hopeless(`${name} ended at once:\n${readFileSync(dead.log, 'utf8').trimEnd().split('\n').slice(-15).join('\n')}`);
        return (await recipe.answers(ports, processes.map(() => true))) || undefined;
      });
    } catch (error) {
      await this.down(name);
      throw error;
    }
    this.say(`${name}: up`);
  }

  private addresses(name: ServerName): readonly string[] {
    const { ports = [], processes = [] } = this.note(name) ?? {};
    const scheme = { kafka: '', dynamodb: 'http://', redis: 'redis://' }[name];
    return ports.slice(0, processes.length).map((port) => `${scheme}127.0.0.1:${port}`);
  }

  /** Only what is really the process that was started: the number alone may be another's by now. */
  private living(name: ServerName): Note['processes'] {
    return (this.note(name)?.processes ?? []).filter(({ pid, start }) => start !== undefined && isAlive(pid, start));
  }

  private note(name: ServerName): Note | undefined {
    const file = join(this.place(name), 'note.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Note) : undefined;
  }

  private place(name: ServerName): string {
    return join(this.folder, name);
  }
}

function recipeOf(name: ServerName, brokers: 1 | 3, say: Say): Recipe {
  return { kafka: () => kafkaRecipe(brokers, say), dynamodb: dynamoRecipe, redis: redisRecipe }[name]();
}

function leaveBehind({ command, args, logFile }: ServerSpec): Note['processes'][number] {
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  child.on('error', () => {});
  child.unref();
  if (child.pid === undefined) throw new Error(`${command} cannot be started; is it installed?`);
  return { pid: child.pid, start: startOf(child.pid), log: logFile };
}
