/**
 * Loads the simulation a second time with a planted fault: every module of the repository is compiled from its source in memory and gets the mutant's name
 * into its address, so that the graph is a world of its own and nothing on disk is touched. The production holds no hooks.
 */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { plant, type Planting } from './mutant.js';

const root = pathToFileURL(`${rootFolder()}/`);
const library = /^@ringmaster\/([a-z]+)$/;
const planted = new Map<string, Planting>();
const compiled = new Map<string, string>();
let hooked = false;

/** The module at `path` (from the root, a source) and all that it imports, with the fault in it. */
export async function importMutated<Module>(planting: Planting, path: string): Promise<Module> {
  // Said at once, also when no module of the graph reads the file.
  for (const { file } of planting.changes) plant(planting, file, sourceOf(new URL(file, root)));
  planted.set(planting.name, planting);
  hook();
  return (await import(addressOf(new URL(path, root), planting.name))) as Module;
}

function hook(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      const parent = context.parentURL === undefined ? null : new URL(context.parentURL);
      const name = parent?.searchParams.get('mutant');
      if (parent === null || name === undefined || name === null) return next(specifier, context);
      const lib = library.exec(specifier);
      if (lib) return { url: addressOf(new URL(`libs/${lib[1]}/src/index.ts`, root), name), shortCircuit: true };
      if (/^\.{1,2}\/.*\.js$/.test(specifier)) return { url: addressOf(new URL(specifier.replace(/\.js$/, '.ts'), parent), name), shortCircuit: true };
      return next(specifier, context);
    },
    load(url, context, next) {
      const { searchParams } = new URL(url);
      const planting = planted.get(searchParams.get('mutant') ?? '');
      return planting === undefined ? next(url, context) : { format: 'module', source: compile(url, planting), shortCircuit: true };
    },
  });
}

function addressOf(source: URL, name: string): string {
  const address = new URL(source);
  address.search = '';
  address.searchParams.set('mutant', name);
  return address.href;
}

function compile(url: string, planting: Planting): string {
  const plain = new URL(url);
  plain.search = '';
  const path = fileURLToPath(plain);
  const changed = planting.changes.find(({ file }) => plain.href === new URL(file, root).href);
  const known = changed === undefined ? compiled.get(path) : undefined;
  if (known !== undefined) return known;
  const source = sourceOf(plain);
  const { code } = transformSync(changed === undefined ? source : plant(planting, changed.file, source), {
    filename: path,
    swcrc: false,
    module: { type: 'es6' },
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
    },
  });
  if (changed === undefined) compiled.set(path, code);
  return code;
}

const sourceOf = (file: URL): string => readFileSync(file, 'utf8');

/** This module runs from its source and from the build. */
function rootFolder(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    if (existsSync(new URL('tsconfig.build.json', folder))) return fileURLToPath(folder).replace(/\/$/, '');
    if (folder.pathname === '/') throw new Error('the root of the repository was not found');
  }
}
