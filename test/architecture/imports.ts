/** Finds what a source imports: statements, re-exports, `import()`, `require()` and `import('…')` types. */
import ts from 'typescript';
import { parse, place, walk, type Source } from './sources.js';

export interface Import {
  /** `path:line` of the import. */
  readonly at: string;
  readonly from: string;
  readonly specifier: string;
  /** The names that are asked for; `*` when it is everything, empty when it is for the side effect. */
  readonly names: readonly { readonly name: string; readonly typeOnly: boolean }[];
}

export function importsOf(source: Source): Import[] {
  const file = parse(source);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, names: Import['names']) => {
    if (specifier && ts.isStringLiteralLike(specifier)) found.push({ at: place(file, node), from: source.path, specifier: specifier.text, names });
  };
  const everything = (typeOnly: boolean) => [{ name: '*', typeOnly }];
  walk(file, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, namesOfImport(node.importClause));
    else if (ts.isExportDeclaration(node)) {
      const all = node.isTypeOnly;
      const names = node.exportClause && ts.isNamedExports(node.exportClause) ? namesIn(node.exportClause.elements, all) : everything(all);
      add(node, node.moduleSpecifier, names);
    } else if (ts.isCallExpression(node) && isLoad(node)) add(node, node.arguments[0], everything(false));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const first = node.qualifier ? node.qualifier.getText(file).split('.')[0] : undefined;
      add(node, node.argument.literal, [{ name: first ?? '*', typeOnly: true }]);
    }
  });
  return found;
}

function isLoad(call: ts.CallExpression): boolean {
  return call.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(call.expression) && call.expression.text === 'require');
}

function namesOfImport(clause: ts.ImportClause | undefined): Import['names'] {
  if (!clause) return [];
  const typeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const own = clause.name ? [{ name: 'default', typeOnly }] : [];
  if (!clause.namedBindings) return own;
  if (ts.isNamespaceImport(clause.namedBindings)) return [...own, { name: '*', typeOnly }];
  return [...own, ...namesIn(clause.namedBindings.elements, typeOnly)];
}

function namesIn(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[], all: boolean): Import['names'] {
  return elements.map((element) => ({ name: (element.propertyName ?? element.name).text, typeOnly: all || element.isTypeOnly }));
}
