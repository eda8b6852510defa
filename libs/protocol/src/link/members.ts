/**
 * What a node may tell a router of who is there. The bounds stand on both sides: a writer does not write what no reader takes, since a router breaks the link on
 * which it reads it.
 */
import { utf8 } from '../utf8.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { MemberAddress, MembersRecord } from './records.js';

/** Nodes in one record. */
export const MEMBERS_MAX = 1_000;
const NAME_BYTES_MAX = 128;
const PORT_MAX = 65_535;
/** A name, an IPv4 address, or an IPv6 address in brackets; DNS has no names above 253 characters. */
const ADDRESS = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):(\d{1,5})$/;
/** A server listens there on every interface; whoever dials it reaches itself. */
const WILDCARDS: readonly string[] = ['0.0.0.0', '[::]'];

/** Whether a router takes it: a name of 1 to 128 bytes in UTF-8, and a `host:port` that can be dialled from elsewhere. */
export function isTellable({ name, address }: MemberAddress): boolean {
  const nameBytes = utf8(name).length;
  const [, host = '', digits] = ADDRESS.exec(address) ?? [];
  const port = Number(digits ?? 0);
  return nameBytes > 0 && nameBytes <= NAME_BYTES_MAX && port > 0 && port <= PORT_MAX && !WILDCARDS.includes(host);
}

export function writeMembers(to: ByteWriter, { nodes }: MembersRecord): void {
  if (nodes.length > MEMBERS_MAX) throw new RangeError(`${nodes.length} nodes are more than ${MEMBERS_MAX}`);
  to.varint(nodes.length);
  for (const node of nodes) {
    if (!isTellable(node)) throw new RangeError(`${JSON.stringify(node)} is no name and address of a node`);
    to.text(node.name);
    to.text(node.address);
  }
}

export function readMembers(from: ByteReader): MembersRecord {
  const count = from.varint();
  if (count > MEMBERS_MAX) from.fail('too many nodes');
  const nodes = Array.from({ length: count }, () => {
    const node = { name: from.text(), address: from.text() };
    return isTellable(node) ? node : from.fail('no name and address of a node');
  });
  return { r: 'members', nodes };
}
