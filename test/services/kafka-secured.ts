/** Listeners of a broker that want to know who comes: SASL over TLS, and TLS with a certificate of the client. */
import type { Certificates } from './certificates.js';

/** Whom the broker knows, by SCRAM and PLAIN. */
export const KNOWN = { username: 'ringmaster', password: 'of-a-test-only' } as const;
/** How long who came by OAUTHBEARER may stay before showing a token again, ms. kafkajs shows one at each request when less than 10 s are left; a broker takes one a second at most. */
export const SESSION_MS = 13_000;

export interface SecuredLayout {
  /** Port of SASL over TLS, then of TLS with client certificates. */
  readonly ports: readonly [number, number];
  readonly certificates: Certificates;
}

export function securedListeners({ ports: [sasl, mutual] }: SecuredLayout): string {
  return `SECURED://127.0.0.1:${sasl},MUTUAL://127.0.0.1:${mutual}`;
}

export const securedProtocols = 'SECURED:SASL_SSL,MUTUAL:SSL';

/** Of a listener's own; the unsecured tokens of OAUTHBEARER are what Kafka takes for tests. */
export function securedProperties({ certificates }: SecuredLayout): Record<string, string | number> {
  const { username, password } = KNOWN;
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': certificates.server,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.ca,
    'listener.name.mutual.ssl.client.auth': 'required',
    'listener.name.secured.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
    'listener.name.secured.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
    'listener.name.secured.scram-sha-256.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.secured.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'listener.name.secured.oauthbearer.sasl.jaas.config': 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";',
    'listener.name.secured.oauthbearer.connections.max.reauth.ms': SESSION_MS,
  };
}

/** For the tool that formats the broker's folder. */
export const scramArguments: readonly string[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${KNOWN.username},password=${KNOWN.password}]`]);
