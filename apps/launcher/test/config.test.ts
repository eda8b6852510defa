import { describe, expect, it } from '@jest/globals';
import { helpText, readConfig } from '../src/config.js';

describe('launcher configuration', () => {
  it('has a sane default for everything', () => {
    expect(readConfig({})).toEqual({ port: 8080, nodePort: 8081, host: '0.0.0.0', dataDir: './data', hostApiKey: undefined, logLevel: 'warn' });
  });

  it('names every wrong variable, its value and what is accepted', () => {
    expect(() => readConfig({ PORT: '99999', LOG_LEVEL: 'loud' })).toThrow(
      'PORT is "99999": it takes a port from 0 to 65535 (0: any free one)\n' +
        'LOG_LEVEL is "loud": it takes trace, debug, info, warn, error, fatal or silent',
    );
  });

  it('does not print a key that is not taken', () => {
    expect(() => readConfig({ HOST_API_KEY: 'secret' })).toThrow(/^HOST_API_KEY is not right/);
  });

  it('explains every variable', () => {
    for (const name of ['PORT', 'NODE_PORT', 'HOST', 'DATA_DIR', 'HOST_API_KEY', 'LOG_LEVEL']) expect(helpText()).toContain(name);
  });
});
