import { existsSync } from 'node:fs';

// Native ESM: run through `npm run jest`, which passes --experimental-vm-modules.
// The TypeScript is compiled by swc without a type check; `npm run typecheck` is the type check.
export default {
  testEnvironment: 'node',
  roots: ['libs', 'apps', 'test', 'bench'].map((folder) => `${import.meta.dirname}/${folder}`).filter(existsSync),
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/[^/]+/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        },
      },
    ],
  },
  moduleNameMapper: {
    '^@ringmaster/protocol$': '<rootDir>/libs/protocol/src/index.ts',
    '^@ringmaster/actors$': '<rootDir>/libs/actors/src/index.ts',
    '^@ringmaster/actors/adapters/(.*)$': '<rootDir>/libs/actors/src/adapters/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Opens a socket for suites that share real servers; starts none.
  globalSetup: '<rootDir>/test/services/jest-setup.mjs',
  globalTeardown: '<rootDir>/test/services/jest-teardown.mjs',
  maxWorkers: 2,
  workerIdleMemoryLimit: '512MB',
  testTimeout: 20_000,
  coverageDirectory: 'coverage',
};
