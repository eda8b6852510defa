/** The suites' side of shared-host.ts. */
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { sharedHostPath, type ServerName } from './environment.js';
import type { Answer, Question } from './shared-host.js';

/** Addresses of the run's shared server, started when it is the first question; undefined outside of a test run. */
export async function sharedAddresses(share: ServerName): Promise<readonly string[] | undefined> {
  const path = sharedHostPath();
  if (!path) return undefined;
  const { answer, socket } = await ask(path, { share });
  socket.destroy();
  if ('error' in answer) throw new Error(`the shared ${share} did not start: ${answer.error}`);
  return answer.addresses;
}

/** Waits until no other suite of the run has a cluster of three brokers. The function that it gives ends the turn. */
export async function turnForCluster(): Promise<() => void> {
  const path = sharedHostPath();
  if (!path) return () => {};
  const { socket } = await ask(path, { turn: true });
  socket.unref();
  return () => socket.destroy();
}

async function ask(path: string, question: Question): Promise<{ answer: Answer; socket: Socket }> {
  const socket = connect(path);
  const answer = await new Promise<Answer>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the test run ended')));
    createInterface({ input: socket }).once('line', (line) => resolve(JSON.parse(line) as Answer));
    socket.write(`${JSON.stringify(question)}\n`);
  });
  return { answer, socket };
}
