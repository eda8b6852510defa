import { expect, test } from '@jest/globals';
import { ConfigError, helpText, readConfig } from '../src/config.js';

test('the defaults serve one machine', () => {
  expect(readConfig({})).toMatchObject({
    port: 8081, host: '127.0.0.1', nodeName: 'node-0', routers: ['router-0'], dataDir: './data', shards: 256, linkSecret: undefined, retentionDays: 90,
    exitWithParent: false, limits: { playersMax: 10_000, graceMs: 500 },
  });
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test('what is set is taken', () => {
  const config = readConfig({ NODE_PORT: '0', HOST: '0.0.0.0', ROUTERS: 'a, b', SHARDS: '16', LIMIT_PLAYERS_MAX: '5', EXIT_WITH_PARENT: '1', NODE_NAME: '' });
  expect(config).toMatchObject({ port: 0, host: '0.0.0.0', routers: ['a', 'b'], shards: 16, exitWithParent: true, nodeName: 'node-0', limits: { playersMax: 5 } });
  expect(readConfig({ HOST: '0.0.0.0', NODE_HOST: '127.0.0.2' }).host).toBe('127.0.0.2');
});

test('every wrong variable is named, with its value and what is accepted; secrets are not shown', () => {
  const read = (): unknown => readConfig({ NODE_PORT: 'x', SHARDS: '0', LINK_SECRET: 'geheim', LIMIT_GRACE_MS: '-1', ROUTERS: 'a,,b', PUBLIC_URL: 'ftp://x' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/NODE_PORT is "x": it takes a port[\s\S]*SHARDS is "0"/);
  for (const name of ['LINK_SECRET is not right', 'LIMIT_GRACE_MS is "-1"', 'ROUTERS', 'PUBLIC_URL']) expect(read).toThrow(name);
  expect(read).not.toThrow(/geheim/);
});

test('help names every variable and limit', () => {
  for (const name of ['DATA_DIR', 'HOST_API_KEY', 'LIMIT_PLAYER_PER_SECOND', 'default 8081']) expect(helpText()).toContain(name);
});
