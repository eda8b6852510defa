/** TLS and SASL in the words of kafkajs. */
import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import { mskTokens, type Signer } from '../credentials.js';
import type { KafkaOptions } from '../options.js';

export interface KafkajsSecurity {
  readonly ssl?: ConnectionOptions;
  readonly sasl?: SASLOptions;
}

export function kafkajsSecurity({ tls, sasl }: Pick<KafkaOptions, 'tls' | 'sasl'>, loadSigner?: () => Promise<Signer>): KafkajsSecurity {
  return { ...(tls ? { ssl: tls === true ? {} : { ...tls } } : {}), ...(sasl ? { sasl: saslOf(sasl, loadSigner) } : {}) };
}

function saslOf(sasl: NonNullable<KafkaOptions['sasl']>, loadSigner?: () => Promise<Signer>): SASLOptions {
  if (sasl.mechanism !== 'aws-msk-iam' && sasl.mechanism !== 'oauthbearer') return { ...sasl };
  const token = sasl.mechanism === 'oauthbearer' ? sasl.token : mskTokens(sasl.region, loadSigner);
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await token() }) };
}
