import { describe, expect, it } from '@jest/globals';
import { helpText, readConfig } from '../src/config.js';
import { defaultRouterLimits } from '../src/core/router-limits.js';

describe('configuration', () => {
  it('needs nothing, and is frozen', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ port: 8080, host: '0.0.0.0', routerName: 'router-0', nodes: [{ name: 'node-0', address: '127.0.0.1:8081' }], linkSecret: null, shards: null, allowedOrigins: [], trustedProxies: 0 });
    expect(config.limits).toEqual(defaultRouterLimits);
    expect(Object.isFrozen(config) && Object.isFrozen(config.limits)).toBe(true);
  });

  it('reads what is given, and takes empty for absent', () => {
    const config = readConfig({
      PORT: '0', HOST: '', NODES: 'a=10.0.0.1:81, b=node-b.quiz:82,c=[::1]:83', LINK_SECRET: 'sixteen or more characters', SHARDS: '64',
      ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080', TRUSTED_PROXIES: '2', LIMIT_KEPT_FRAMES_MAX: '32', EXIT_WITH_PARENT: '1',
    });
    expect(config).toMatchObject({
      port: 0, host: '0.0.0.0', shards: 64, trustedProxies: 2, exitWithParent: true, changedLimits: { keptFramesMax: 32 },
      nodes: [{ name: 'a', address: '10.0.0.1:81' }, { name: 'b', address: 'node-b.quiz:82' }, { name: 'c', address: '[::1]:83' }],
      allowedOrigins: ['https://a.example', 'http://b.example:8080'],
    });
    expect(config.limits.keptFramesMax).toBe(32);
    expect(readConfig({ NODE_PORT: '9000' }).nodes).toEqual([{ name: 'node-0', address: '127.0.0.1:9000' }]);
    expect(readConfig({ ALLOWED_ORIGINS: '*' }).allowedOrigins).toBeNull();
  });

  it.each([
    ['PORT', 'eighty'], ['PORT', '65536'], ['NODES', 'a'], ['NODES', 'a=x:1,a=y:2'], ['NODES', 'a=b c:1'], ['ROUTER_NAME', 'with space'], ['SHARDS', '0'], ['SHARDS', '1.5'],
    ['TRUSTED_PROXIES', '-1'], ['ALLOWED_ORIGINS', 'quiz.example'], ['ALLOWED_ORIGINS', 'https://a.example/path'], ['LOG_LEVEL', 'loud'], ['LIMIT_HOPS_MAX', 'many'], ['METRICS_PORT', 'x'],
  ])('refuses %s=%s by name, value and what is accepted', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} is "${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}": it takes .+`));
  });

  it('names all that is wrong at once, and never shows a secret', () => {
    expect(() => readConfig({ PORT: 'x', SHARDS: 'y', LINK_SECRET: 'hunter2' })).toThrow(/PORT[^]*SHARDS|SHARDS[^]*PORT/);
    expect(() => readConfig({ LINK_SECRET: 'hunter2' })).toThrow(/LINK_SECRET is not right/);
    expect(() => readConfig({ LINK_SECRET: 'hunter2' })).not.toThrow(/hunter2/);
  });

  it('wants a secret for nodes on other machines', () => {
    expect(() => readConfig({ NODES: 'a=127.0.0.1:1,b=10.0.0.2:1' })).toThrow(/LINK_SECRET is missing.* b run/);
    expect(readConfig({ NODES: 'a=localhost:1,b=[::1]:1' }).nodes).toHaveLength(2);
  });

  it('refuses limits that cannot be together, with both names', () => {
    expect(() => readConfig({ LIMIT_PING_EVERY_MS: '60000' })).toThrow(/LIMIT_DEAD_MS is 35000: it takes more than 72000.*LIMIT_PING_EVERY_MS \(60000\)/);
    expect(readConfig({ LIMIT_PING_EVERY_MS: '300', LIMIT_DEAD_MS: '2500' }).limits).toMatchObject({ pingEveryMs: 300, deadMs: 2_500 });
  });

  it('explains every variable and limit', () => {
    const text = helpText();
    for (const name of ['PORT', 'NODES', 'LINK_SECRET', 'ALLOWED_ORIGINS', 'LIMIT_KEPT_FRAMES_MAX=16', 'LIMIT_CHUNK_SOCKETS=250']) expect(text).toContain(name);
  });
});
