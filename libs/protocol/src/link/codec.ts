import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { readNodeRecord, writeNodeRecord } from './node-records.js';
import { LINK_VERSION, type LinkRecords, type LinkSender, type NodeRecord, type RouterRecord } from './records.js';
import { readRouterRecord, writeRouterRecord } from './router-records.js';

/**
 * Gathers records into one link frame. `sender` is who writes: it decides which records fit and how they look.
 */
export class LinkWriter<S extends LinkSender> {
  readonly #writer = new ByteWriter();
  readonly #write: (to: ByteWriter, record: LinkRecords[S]) => void;

  constructor(sender: S) {
    const write: { [X in LinkSender]: (to: ByteWriter, record: LinkRecords[X]) => void } = { router: writeRouterRecord, node: writeNodeRecord };
    this.#write = write[sender];
  }

  /** Bytes of the frame so far, 0 when it has no records. */
  get byteLength(): number {
    return this.#writer.byteLength;
  }

  /** Adds a record. Throws RangeError for a number that the form cannot carry, and then the frame is as it was before. */
  append(record: LinkRecords[S]): void {
    const before = this.#writer.byteLength;
    try {
      if (before === 0) this.#writer.byte(LINK_VERSION);
      this.#write(this.#writer, record);
    } catch (error) {
      this.#writer.truncate(before);
      throw error;
    }
  }

  /** The frame with all records since the last take, empty when there were none. Not copied and never written to again. */
  take(): Uint8Array {
    return this.#writer.take();
  }
}

export type DecodedLinkFrame<R> = { readonly ok: true; readonly records: readonly R[] } | { readonly ok: false; readonly reason: string };

/**
 * The records of a frame that `sender` sent. Byte strings in them are views into `bytes`. Never throws: a frame of another version, of the wrong direction, or
 * cut short is answered with a reason, and none of its records count.
 */
export function decodeLinkFrame(bytes: Uint8Array, sender: 'router'): DecodedLinkFrame<RouterRecord>;
export function decodeLinkFrame(bytes: Uint8Array, sender: 'node'): DecodedLinkFrame<NodeRecord>;
export function decodeLinkFrame(bytes: Uint8Array, sender: LinkSender): DecodedLinkFrame<RouterRecord | NodeRecord> {
  try {
    const from = new ByteReader(bytes);
    const version = from.byte();
    if (version !== LINK_VERSION) return { ok: false, reason: `link version ${version} is not supported, this is ${LINK_VERSION}` };
    const read = sender === 'router' ? readRouterRecord : readNodeRecord;
    const records: (RouterRecord | NodeRecord)[] = [];
    while (from.remaining > 0) records.push(read(from));
    return { ok: true, records };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
