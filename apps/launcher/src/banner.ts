/** What `npm start` says once both programs serve. */
import { networkInterfaces } from 'node:os';

export interface BannerFacts {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly key: string;
  readonly keyFresh: boolean;
  readonly addresses: readonly string[];
}

/** IPv4 addresses under which others on the local network reach `host`; none when it listens on loopback only. */
export function networkAddresses(host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  return Object.values(networkInterfaces())
    .flatMap((infos) => infos ?? [])
    .filter((info) => info.family === 'IPv4' && !info.internal)
    .map((info) => info.address);
}

export function banner(facts: BannerFacts): string {
  const local = facts.host === '0.0.0.0' || facts.host === '::' ? '127.0.0.1' : facts.host;
  const url = `http://${local}:${facts.port}`;
  const urls = [`  this machine   ${url}`, ...facts.addresses.map((address) => `  local network  http://${address}:${facts.port}`)];
  return [
    '',
    'Ringmaster is running.',
    ...urls,
    `  API docs       ${url}/docs`,
    `  data           ${facts.dataDir}`,
    `  host key       ${facts.key}${facts.keyFresh ? '   (new; kept in the data folder)' : ''}`,
    '',
    'Make a quiz and a session:',
    '',
    `  export RM=${url} KEY=${facts.key}`,
    `  curl -s $RM/v1/sessions -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\`,
    `    -d '{"quiz":{"title":"First","questions":[{"type":"numeric","text":"6 x 7 = ?","key":42}]}}'`,
    '',
    'Ctrl-C stops both programs; what was acknowledged is on disk.',
    '',
  ].join('\n');
}
