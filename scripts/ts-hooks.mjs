// Runs TypeScript sources without a build: node --import ./scripts/ts-hooks.mjs path/to/main.ts
// For development only. No type check; decorators and their metadata are compiled as the build does.
import { readFileSync, existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const library = /^@ringmaster\/([a-z]+)(\/adapters\/.+)?$/;

registerHooks({
  resolve(specifier, context, next) {
    const alias = library.exec(specifier);
    if (alias) return { url: new URL(`../libs/${alias[1]}/src${alias[2] ?? '/index'}.ts`, import.meta.url).href, shortCircuit: true };
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(source)) return { url: source.href, shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      swcrc: false,
      sourceMaps: 'inline',
      module: { type: 'es6' },
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
      },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
