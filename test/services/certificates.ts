/** Certificates of tests, made by Java's keytool: an authority, a server on this machine and a client that it vouches for, and an authority that nobody trusts. */
import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PASSWORD = 'of a test';
const DAYS = 2;

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  /** Key and certificate in one file each: of the server, as Kafka reads them; of the client. */
  readonly server: string;
  readonly client: { readonly cert: string; readonly key: string };
  readonly serverKey: string;
  readonly serverCert: string;
  /** An authority that has vouched for nobody. */
  readonly strangerCa: string;
}

export function certificatesIn(folder: string): Certificates {
  const file = (name: string): string => join(folder, `${name}.pem`);
  return {
    ca: file('ca'), server: file('server'), serverCert: file('server-cert'), serverKey: file('server-key'), client: { cert: file('client-cert'), key: file('client-key') }, strangerCa: file('stranger'),
  };
}

/** Some seconds. @throws Error with what keytool said */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const files = certificatesIn(folder);
  await Promise.all([authority(folder, 'ca', files.ca), authority(folder, 'stranger', files.strangerCa)]);
  await Promise.all([
    vouched(folder, 'server', files.serverCert, files.serverKey, ['-ext', 'san=ip:127.0.0.1,dns:localhost']),
    vouched(folder, 'client', files.client.cert, files.client.key, []),
  ]);
  writeFileSync(files.server, readFileSync(files.serverKey, 'utf8') + readFileSync(files.serverCert, 'utf8'));
  return files;
}

async function authority(folder: string, name: string, certificate: string): Promise<void> {
  await keytool(folder, name, ['-genkeypair', '-keyalg', 'EC', '-dname', `CN=${name}`, '-ext', 'bc:c', '-validity', String(DAYS)]);
  await keytool(folder, name, ['-exportcert', '-rfc', '-file', certificate]);
}

async function vouched(folder: string, name: string, certificate: string, key: string, extensions: readonly string[]): Promise<void> {
  const request = join(folder, `${name}.csr`);
  await keytool(folder, name, ['-genkeypair', '-keyalg', 'EC', '-dname', `CN=${name}`, '-validity', String(DAYS)]);
  await keytool(folder, name, ['-certreq', '-file', request]);
  await keytool(folder, 'ca', ['-gencert', '-rfc', '-infile', request, '-outfile', certificate, '-validity', String(DAYS), ...extensions]);
  writeFileSync(key, privateKeyIn(readFileSync(storeOf(folder, name))));
}

async function keytool(folder: string, name: string, args: readonly string[]): Promise<void> {
  await run('keytool', [...args, '-keystore', storeOf(folder, name), '-storetype', 'PKCS12', '-storepass', PASSWORD, '-alias', name]);
}

function storeOf(folder: string, name: string): string {
  return join(folder, `${name}.p12`);
}

/** keytool does not print keys. In PKCS#12 (RFC 7292, 4.2.2) one stands as an EncryptedPrivateKeyInfo behind the name of its kind, `pkcs8ShroudedKeyBag`. */
function privateKeyIn(store: Buffer): string {
  const kind = Buffer.from('060b2a864886f70d010c0a0102', 'hex');
  const at = store.indexOf(kind);
  if (at < 0) throw new Error('there is no private key in the store');
  const key = derContent(store, at + kind.length);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase: PASSWORD }).export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** What is in the DER value that begins at `at`. */
function derContent(der: Buffer, at: number): Buffer {
  const first = der.readUInt8(at + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes);
  const begin = at + 2 + lengthBytes;
  return der.subarray(begin, begin + length);
}
