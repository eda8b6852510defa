/** Who may import whom, as data: the import table of ARCHITECTURE.md. The first area whose pattern fits a file is its area. */

export interface Area {
  readonly name: string;
  readonly files: RegExp;
  /** Areas whose files it may import by relative path; its own are always allowed. */
  readonly areas: readonly string[];
  readonly protocol: boolean;
  /**
   * Names of @ringmaster/actors, by the folder of libs/actors/src that declares them: `core` is all but adapters;
   * `ports` is ports/; `everything` is adapters as well, by their paths; `placement` is ports/ and placement/ and, as types alone, the rest of core.
   */
  readonly actors: 'nothing' | 'ports' | 'placement' | 'core' | 'everything';
  /** npm packages; a trailing `*` stands for a scope. */
  readonly packages: readonly string[] | 'any';
  /** Modules of Node; where they are listed, only the named functions, which are arithmetic without randomness or I/O. */
  readonly builtins: Readonly<Record<string, readonly string[]>> | 'any';
}

const nothing = { areas: [], protocol: false, actors: 'nothing', packages: [], builtins: {} } as const;
const hashing = { 'node:crypto': ['createHash', 'hash', 'createHmac', 'timingSafeEqual', 'Hash', 'BinaryLike'] };
const checksum = { 'node:zlib': ['crc32'] };
const nest = ['@nestjs/*', 'reflect-metadata', 'rxjs'];
const quizNodeEdges = ['quiz-node gateway', 'quiz-node http', 'quiz-node ops'];
const routerEdges = ['router edge', 'router http', 'router ops'];

const adapter = (vendor: string, packages: readonly string[], others: readonly string[] = []): Area => ({
  ...nothing, name: `actors adapter ${vendor}`, files: new RegExp(`^libs/actors/src/adapters/${vendor}/`), areas: ['actors ports', ...others], packages, builtins: 'any',
});
/** `others`: files beside main.ts, config.ts and the modules that choose adapters and join the parts. */
const compositionRoot = (app: string, others: readonly string[]): Area => ({
  name: `${app} composition root`, files: new RegExp(`^apps/${app}/src/(${['main', 'config', ...others].join('|')}|[^/]+\\.module)\\.ts$`), areas: [`${app} *`],
  protocol: true, actors: 'everything', packages: 'any', builtins: 'any',
});
const quizNodeEdge = (folder: string, packages: readonly string[], more: readonly string[] = []): Area => ({
  name: `quiz-node ${folder}`, files: new RegExp(`^apps/quiz-node/src/${folder}/`), areas: ['quiz-node session', ...quizNodeEdges, ...more],
  protocol: true, actors: 'ports', packages: [...nest, 'zod', ...packages], builtins: 'any',
});
const routerEdge = (folder: string, packages: readonly string[]): Area => ({
  name: `router ${folder}`, files: new RegExp(`^apps/router/src/${folder}/`), areas: ['router core', ...routerEdges],
  protocol: true, actors: 'placement', packages: [...nest, 'zod', ...packages], builtins: 'any',
});
const sideProgram = (app: string, areas: readonly string[]): Area => ({
  ...nothing, name: app, files: new RegExp(`^apps/${app}/src/`), areas, protocol: true, packages: 'any', builtins: 'any',
});

export const areas: readonly Area[] = [
  { ...nothing, name: 'protocol', files: /^libs\/protocol\/src\//, packages: ['zod'] },

  { ...nothing, name: 'actors index', files: /^libs\/actors\/src\/index\.ts$/, areas: ['actors *'] },
  adapter('lmdb', ['lmdb']),
  adapter('http', ['undici']),
  adapter('ws', ['ws'], ['actors adapter http']),
  adapter('kafka', ['kafkajs', 'aws-msk-iam-sasl-signer-js']),
  adapter('platformatic', ['@platformatic/kafka'], ['actors adapter kafka']),
  adapter('static', []),
  adapter('dynamodb', ['@aws-sdk/*']),
  adapter('redis', ['ioredis']),
  adapter('system', []),
  { ...nothing, name: 'actors ports', files: /^libs\/actors\/src\/ports\// },
  { ...nothing, name: 'actors ring', files: /^libs\/actors\/src\/placement\/ring\.ts$/, areas: ['actors core', 'actors ports'], packages: ['hashring'] },
  { ...nothing, name: 'actors core', files: /^libs\/actors\/src\/(?!adapters\/)/, areas: ['actors ports', 'actors ring'], packages: ['tinyqueue'], builtins: checksum },

  compositionRoot('quiz-node', ['ports', 'cluster-ports', 'cluster-config', 'variable', 'node']),
  { ...nothing, name: 'quiz-node quiz', files: /^apps\/quiz-node\/src\/quiz\//, packages: ['canonicalize', 'unhomoglyph'], builtins: hashing },
  { ...nothing, name: 'quiz-node session', files: /^apps\/quiz-node\/src\/session\//, areas: ['quiz-node quiz'], protocol: true, actors: 'core', packages: ['zod'], builtins: hashing },
  quizNodeEdge('gateway', ['ws']),
  quizNodeEdge('http', ['express', 'csv-parse', 'csv-stringify', 'entities', 'rate-limiter-flexible', 'swagger-ui-dist'], ['quiz-node quiz']),
  quizNodeEdge('ops', ['prom-client', 'pino']),

  compositionRoot('router', []),
  routerEdge('edge', ['ws']),
  routerEdge('http', ['express', 'undici', 'rate-limiter-flexible']),
  routerEdge('ops', ['prom-client', 'pino']),
  { ...nothing, name: 'router core', files: /^apps\/router\/src\//, protocol: true, actors: 'placement' },

  { ...sideProgram('setup', ['quiz-node composition root']), actors: 'everything' },
  sideProgram('launcher', []),
  // The demo starts the product in the way that `npm start` does.
  sideProgram('demo', ['launcher']),
];
