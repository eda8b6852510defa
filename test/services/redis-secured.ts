/** What Redis is started with where it wants a password, over TLS and without. */
import type { Certificates } from './certificates.js';

export const REDIS_PASSWORD = 'of-a-test-only';

/** Clients need no certificate; the plain port stays, with the same password. */
export function securedArguments(tlsPort: number, { serverCert, serverKey, ca }: Certificates): readonly string[] {
  return [
    '--requirepass', REDIS_PASSWORD, '--tls-port', String(tlsPort), '--tls-cert-file', serverCert, '--tls-key-file', serverKey, '--tls-ca-cert-file', ca, '--tls-auth-clients', 'no',
  ];
}
