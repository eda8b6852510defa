import { describe, expect, it } from '@jest/globals';
import { readOptions, usage, UsageError } from '../src/cli.js';

describe("the demo's command line", () => {
  it('plays ten questions with 200 bots by default', () => {
    expect(readOptions([], {})).toMatchObject({ players: 200, questions: 10, limitMs: 6_000, seed: 1, acts: [], cluster: undefined, json: false });
  });

  it.each([
    [['--players', '0'], '--players is "0": it takes a whole number from 1 to 10000'],
    [['--players', '1e9'], '--players is "1e9": it takes a whole number from 1 to 10000'],
    [['--limit-ms', 'long'], '--limit-ms is "long": it takes a whole number from 5000 to 240000'],
    [['--url', 'http://127.0.0.1:1'], '--url needs --key (or HOST_API_KEY)'],
    [['--url', 'http://127.0.0.1:1', '--key', 'k', '--kill'], '--kill needs a quiz-node of its own: leave --url out'],
    [['--kill', 'router-0'], '--kill is "router-0": it takes owner, or nothing'],
    [['--cluster', '--drain', 'node-1'], '--drain is "node-1": it takes owner'],
    [['--cluster', '--stop', 'zookeeper'], '--stop is "zookeeper": it takes one of kafka, redis, dynamodb, and seconds after a colon'],
    [['--cluster', '--stop', 'kafka:soon'], '--stop is "soon": it takes a whole number from 1 to 120'],
    [['--cluster', '--brokers', '2'], '--brokers is "2": it takes 1 or 3'],
    [['--do', 'flush redis'], '--do needs --cluster'],
    [['--drain', 'owner'], '--drain needs --cluster'],
    [['--stop', 'redis'], '--stop needs --cluster'],
    [['--nodes', '2'], '--nodes needs --cluster'],
    [['--routers', '2'], '--routers needs --cluster'],
    [['--cluster', '--nodes', '10'], '--nodes is "10": it takes a whole number from 1 to 9'],
    [['--cluster', '--nodes', '1', '--drain', 'owner'], '--drain needs another node that takes over: --nodes 2 or more'],
    [['--cluster', '--kill', '--stop', 'redis', '--questions', '1'], '--questions is 1: each of --kill, --drain, --stop and --do takes one, 2 in all'],
    [['--cluster', '--url', 'http://127.0.0.1:1', '--key', 'k'], '--cluster starts a cluster of its own: leave --url out'],
  ])('refuses %j with a clear message', (argv, message) => {
    expect(() => readOptions(argv, {})).toThrow(new UsageError(message));
  });

  it('kills the owner, with or without its name', () => {
    for (const argv of [['--kill'], ['--kill', 'owner'], ['--kill=owner'], ['--kill', '--json']]) expect(readOptions(argv, {}).acts).toEqual([{ verb: 'kill' }]);
  });

  it('starts a cluster of three nodes and two routers, and does all that is asked for', () => {
    expect(readOptions(['--cluster'], {})).toMatchObject({ cluster: { nodes: 3, routers: 2, brokers: 1 }, acts: [] });
    const argv = ['--cluster', '--nodes', '5', '--routers', '4', '--drain', 'owner', '--stop', 'kafka', '--stop', 'redis:30', '--do', 'flush redis', '--brokers', '3', '--kill'];
    expect(readOptions(argv, {})).toMatchObject({
      cluster: { nodes: 5, routers: 4, brokers: 3 },
      acts: [
        { verb: 'kill' }, { verb: 'stop', service: 'kafka', seconds: 5 }, { verb: 'stop', service: 'redis', seconds: 30 }, { verb: 'do', order: 'flush redis' }, { verb: 'drain' },
      ],
    });
  });

  it('refuses an unknown option', () => {
    expect(() => readOptions(['--player', '3'], {})).toThrow(UsageError);
  });

  it('explains every option', () => {
    for (const name of ['players', 'quiz', 'questions', 'limit-ms', 'seed', 'kill', 'cluster', 'nodes', 'routers', 'brokers', 'drain', 'stop', 'do', 'url', 'key', 'json']) expect(usage).toContain(`--${name}`);
  });
});
