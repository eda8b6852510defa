/** What the deterministic cores may not call: time, timers, randomness and the environment come in through ports. */
import ts from 'typescript';
import { parse, place, walk, type Source } from './sources.js';

export interface Strictness {
  /** `quiz/`: a turn cannot wait, so nothing is asynchronous, and nothing is decorated. */
  readonly synchronous: boolean;
}

/** Members of globals that read a clock, draw randomness or look outside; `*` is every member. */
const bannedMembers: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['*'],
  process: ['*'],
  crypto: ['*'],
  console: ['*'],
  Atomics: ['wait', 'waitAsync'],
};
const bannedCalls = new Set(['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'Date']);
/** Globals that would get past the table under another name: `const { now } = Date`, `const m = Math`. */
const onlyWithMember = new Set(['Date', 'Math', 'process', 'performance', 'crypto', 'globalThis']);

/** Every impurity of `source`, as `path:line: what`. */
export function impuritiesOf(source: Source, { synchronous }: Strictness): string[] {
  const file = parse(source);
  const found: string[] = [];
  walk(file, (node) => {
    const what = impurity(node) ?? (synchronous ? asynchrony(node) : undefined);
    if (what) found.push(`${place(file, node)}: ${what}`);
  });
  return found;
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) return bannedMember(node.expression.text, node.name.text);
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return onlyWithMember.has(node.expression.text) ? `${node.expression.text}[…]` : undefined;
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date') {
    return node.arguments?.length ? undefined : 'new Date()';
  }
  return ts.isIdentifier(node) && isValue(node) ? bannedValue(node) : undefined;
}

function bannedMember(object: string, member: string): string | undefined {
  const banned = object === 'globalThis' ? ['*'] : Object.hasOwn(bannedMembers, object) ? bannedMembers[object] : undefined;
  return banned?.some((name) => name === '*' || name === member) ? `${object}.${member}` : undefined;
}

function bannedValue(node: ts.Identifier): string | undefined {
  if (bannedCalls.has(node.text) && node.text !== 'Date') return node.text;
  if (!onlyWithMember.has(node.text)) return undefined;
  const { parent } = node;
  const member = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === node;
  const made = ts.isNewExpression(parent) && parent.expression === node;
  const compared = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  return member || made || compared ? undefined : `${node.text} itself`;
}

/** Whether an identifier stands for a value of that name in scope, and is not a member, a label, a declaration or a type. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isBindingElement(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent)) return parent.name !== node;
  return ts.isExpression(parent) || ts.isStatement(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isSpreadAssignment(parent);
}

function asynchrony(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isAwaitExpression(node)) return 'await';
  if (ts.isForOfStatement(node) && node.awaitModifier) return 'for await';
  if (ts.isDecorator(node)) return 'a decorator';
  return ts.isIdentifier(node) && (node.text === 'Promise' || node.text === 'queueMicrotask') ? node.text : undefined;
}

/**
 * Uses of `process.env` outside a program's config.ts. It may be handed on whole: from a main.ts to the function that checks it,
 * and by a spread to a child process.
 */
export function environmentReadsOf(source: Source): string[] {
  const fromMain = source.path.endsWith('/main.ts');
  const allowed = (use: ts.Node) => ts.isSpreadAssignment(use.parent) || (fromMain && ts.isCallExpression(use.parent));
  return nodesOf(source, (node) => isEnvironment(node) && !allowed(node), 'process.env');
}

function isEnvironment(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'env' && ts.isIdentifier(node.expression) && node.expression.text === 'process';
}

export function decoratorsOf(source: Source): string[] {
  return nodesOf(source, ts.isDecorator, 'a decorator');
}

function nodesOf(source: Source, wanted: (node: ts.Node) => boolean, what: string): string[] {
  const file = parse(source);
  const found: string[] = [];
  walk(file, (node) => { if (wanted(node)) found.push(`${place(file, node)}: ${what}`); });
  return found;
}
