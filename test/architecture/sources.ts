/** The repository's own TypeScript, as text and as syntax trees, for the tests of its rules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '..', '..');
const notOurs = new Set(['node_modules', 'dist', 'coverage', 'data', '.services', '.git']);

/** Every file under `folders` whose name ends in one of `endings`; a folder that does not exist holds none. */
export function sourcesIn(folders: readonly string[], endings: readonly string[] = ['.ts']): Source[] {
  return folders.flatMap((folder) => filesIn(join(root, folder)))
    .filter((file) => endings.some((ending) => file.endsWith(ending)))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** The programs and libraries themselves: what runs in production. */
export function productSources(): Source[] {
  return sourcesIn(['apps', 'libs']).filter((source) => /^(apps|libs)\/[^/]+\/src\//.test(source.path));
}

export function parse(source: Source): ts.SourceFile {
  return ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TS);
}

/** Calls `visit` with every node of the tree, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** `path:line`, as editors and terminals understand it. */
export function place(file: ts.SourceFile, node: ts.Node): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
}
