/** Holds imports against the table in areas.ts. */
import { posix } from 'node:path';
import { areas, type Area } from './areas.js';
import { importsOf, type Import } from './imports.js';
import type { Source } from './sources.js';

/** The folder of libs/actors/src that declares each name its index exports: `adapters`, `ports`, `placement`, `core`. */
export type Origins = ReadonlyMap<string, string>;

export function areaOf(path: string): Area | undefined {
  return areas.find((area) => area.files.test(path));
}

/** Where each name of the actors library comes from, read from its index. */
export function originsOf(index: Source): Origins {
  const origins = new Map<string, string>();
  for (const { specifier, names } of importsOf(index)) {
    const folder = /^\.\/(adapters|ports|placement)\//.exec(specifier)?.[1] ?? 'core';
    for (const { name } of names) origins.set(name, folder);
  }
  return origins;
}

/** Every import of `source` that its area may not make, as `path:line: reason`. */
export function violationsOf(source: Source, origins: Origins): string[] {
  const area = areaOf(source.path);
  if (!area) return [`${source.path}:1: belongs to no area of test/architecture/areas.ts`];
  return importsOf(source).flatMap((found) => refusals(area, found, origins).map((why) => `${found.at}: ${area.name} may not import ${why}`));
}

function refusals(area: Area, found: Import, origins: Origins): string[] {
  const { specifier } = found;
  if (specifier.startsWith('.')) return relativeRefusals(area, found);
  if (specifier === '@ringmaster/protocol') return area.protocol ? [] : ['@ringmaster/protocol'];
  if (specifier === '@ringmaster/actors') return actorsRefusals(area, found, origins);
  if (specifier.startsWith('@ringmaster/actors/adapters/')) return area.actors === 'everything' ? [] : [specifier];
  if (specifier.startsWith('@ringmaster/')) return [`${specifier}: the library does not offer it`];
  if (specifier.startsWith('node:')) return builtinRefusals(area, found);
  return packageAllowed(area, packageName(specifier)) ? [] : [specifier];
}

function relativeRefusals(area: Area, found: Import): string[] {
  const path = posix.join(posix.dirname(found.from), found.specifier).replace(/\.js$/, '.ts');
  if (!found.specifier.endsWith('.js')) return [`${found.specifier}: relative imports end in .js`];
  const target = areaOf(path);
  if (!target) return [path];
  const allowed = target.name === area.name || area.areas.some((name) => fits(name, target.name));
  if (allowed) return [];
  return [top(path) === top(found.from) ? `${path} (${target.name})` : `${path} by relative path: it is another package`];
}

/** The app or library that a file belongs to. */
function top(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function actorsRefusals(area: Area, found: Import, origins: Origins): string[] {
  return found.names
    .filter(({ name, typeOnly }) => !actorsNameAllowed(area.actors, origins.get(name), typeOnly))
    .map(({ name }) => `${name} of @ringmaster/actors (${origins.get(name) ?? 'not exported by name'})`);
}

function actorsNameAllowed(grant: Area['actors'], origin: string | undefined, typeOnly: boolean): boolean {
  switch (grant) {
    case 'everything': return true;
    case 'nothing': return false;
    case 'core': return origin !== undefined && origin !== 'adapters';
    case 'ports': return origin === 'ports';
    case 'placement': return origin === 'ports' || origin === 'placement' || (origin === 'core' && typeOnly);
  }
}

function builtinRefusals(area: Area, found: Import): string[] {
  if (area.builtins === 'any') return [];
  const allowed = area.builtins[found.specifier];
  if (!allowed) return [found.specifier];
  return found.names.filter(({ name }) => !allowed.includes(name)).map(({ name }) => `${name} of ${found.specifier}`);
}

function packageAllowed(area: Area, name: string): boolean {
  return area.packages === 'any' || area.packages.some((pattern) => fits(pattern, name));
}

function packageName(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
