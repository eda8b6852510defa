/** How sources are laid out and named: barrels, default exports, base classes and words that say nothing. */
import ts from 'typescript';
import { parse, place, walk, type Source } from './sources.js';

const libraryIndex = /^libs\/[^/]+\/src\/index\.ts$/;
const emptyWord = /(Manager|Service|Helper|Util|Common|Base|Impl)s?(?=[A-Z0-9_]|$)/;

/** `index.ts` files that are not a library's, files that only pass exports on, and `export *`. */
export function barrelsOf(source: Source): string[] {
  const file = parse(source);
  const isIndex = libraryIndex.test(source.path);
  const starred = file.statements.filter((node) => ts.isExportDeclaration(node) && node.moduleSpecifier && !isNamed(node));
  const found = starred.map((node) => `${place(file, node)}: export * hides the names`);
  if (!isIndex && /(^|\/)index\.ts$/.test(source.path)) found.push(`${source.path}:1: only a library has an index`);
  const passesOn = file.statements.length > 0 && file.statements.every((node) => ts.isExportDeclaration(node) && node.moduleSpecifier);
  if (!isIndex && passesOn) found.push(`${source.path}:1: only passes on the exports of others`);
  return found;
}

function isNamed(node: ts.ExportDeclaration): boolean {
  return node.exportClause !== undefined && ts.isNamedExports(node.exportClause);
}

export function defaultExportsOf(source: Source): string[] {
  const file = parse(source);
  const found: string[] = [];
  walk(file, (node) => {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    const named = ts.isExportSpecifier(node) && node.name.text === 'default';
    if (ts.isExportAssignment(node) || named || modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) {
      found.push(`${place(file, node)}: default export`);
    }
  });
  return found;
}

/** Files, types, classes, functions and constants whose name contains a word that says nothing, and abstract classes. */
export function emptyNamesOf(source: Source): string[] {
  const file = parse(source);
  const stem = source.path.split('/').at(-1)?.replace(/(\.test)?\.[a-z]+$/, '') ?? '';
  const found = emptyWord.test(pascal(stem)) ? [`${source.path}:1: the file's name says nothing`] : [];
  walk(file, (node) => {
    if (ts.isClassDeclaration(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword)) {
      found.push(`${place(file, node)}: a base class`);
    }
    const name = declaredName(node);
    if (name && emptyWord.test(pascal(name))) found.push(`${place(file, node)}: ${name} says nothing`);
  });
  return found;
}

function declaredName(node: ts.Node): string | undefined {
  const declares =
    ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node) ||
    ts.isFunctionDeclaration(node) || (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent));
  return declares && node.name && ts.isIdentifier(node.name) ? node.name.text : undefined;
}

function pascal(name: string): string {
  return name.replace(/(^|[-._])([a-z])/g, (_all, _gap, letter: string) => letter.toUpperCase());
}
