/** TLS and SASL in the words of @platformatic/kafka. */
import { isIP } from 'node:net';
import type { ConnectionOptions } from '@platformatic/kafka';
import { mskTokens, type Signer } from '../kafka/credentials.js';
import type { KafkaOptions, KafkaSasl } from '../kafka/options.js';

export type PlatformaticSecurity = Pick<ConnectionOptions, 'tls' | 'tlsServerName' | 'sasl'>;

const mechanisms = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;

/** @param host that is dialled */
export function platformaticSecurity({ tls, sasl }: Pick<KafkaOptions, 'tls' | 'sasl'>, host: string, loadSigner?: () => Promise<Signer>): PlatformaticSecurity {
  // Its default is to name no server, and then a broker behind a name of its own is not found among several. Addresses may not be named (RFC 6066, 3).
  const name = (tls !== true && tls !== false && tls?.servername) || (isIP(host) === 0 ? host : undefined);
  const secured = tls ? { tls: tls === true ? {} : { ...tls }, ...(name === undefined ? {} : { tlsServerName: name }) } : {};
  return { ...secured, ...(sasl ? { sasl: saslOf(sasl, loadSigner) } : {}) };
}

function saslOf(sasl: KafkaSasl, loadSigner?: () => Promise<Signer>): NonNullable<ConnectionOptions['sasl']> {
  if (sasl.mechanism === 'oauthbearer') return { mechanism: 'OAUTHBEARER', token: sasl.token };
  if (sasl.mechanism === 'aws-msk-iam') return { mechanism: 'OAUTHBEARER', token: mskTokens(sasl.region, loadSigner) };
  return { mechanism: mechanisms[sasl.mechanism], username: sasl.username, password: sasl.password };
}
