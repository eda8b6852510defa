/**
 * Archives of ended sessions in Records: a gzip file in chunks, and a head that names them, written last. Owns these rows. A newer archive of a session stands
 * beside the older one until its head is written, so there is always a whole one. Whoever reads compares the SHA-256 before using a byte.
 */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { Records } from '@ringmaster/actors';
import { readRow, rowBytes } from '../rows.js';
import { linesOf } from './archive-lines.js';

/** Below the largest item that every store takes. */
const chunkBytesMax = 350 * 1024;

export interface ArchiveHead {
  /** Of the gzip file, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly chunks: number;
  /** Tells the files of one session apart, also those of an attempt that was not finished. */
  readonly file: string;
  /** Revision of the scores that it ends with. */
  readonly revision: number;
  readonly phase: 'finished' | 'cancelled';
  /** Nothing but a correction can come after it. */
  readonly retired: boolean;
  readonly standingsHash: string;
  /** Wall clock, ms. */
  readonly expiresAt: number;
}

export type ArchiveFacts = Pick<ArchiveHead, 'file' | 'revision' | 'phase' | 'retired' | 'standingsHash' | 'expiresAt'>;

const prefix = (sessionId: string): string => `archive/${sessionId}/`;
const headKey = (sessionId: string): string => `${prefix(sessionId)}head`;
const chunkKey = (sessionId: string, file: string, index: number): string => `${prefix(sessionId)}${file}/${String(index).padStart(6, '0')}`;

export class ArchiveStore {
  constructor(private readonly records: Records) {}

  async head(sessionId: string): Promise<ArchiveHead | undefined> {
    const stored = await this.records.get(headKey(sessionId));
    return stored && readRow<ArchiveHead>(stored.value);
  }

  /** Chunks first, head last; then what the head before named is removed. */
  async write(sessionId: string, facts: ArchiveFacts, lines: AsyncIterable<string>): Promise<ArchiveHead> {
    const { expiresAt, file } = facts;
    const hash = createHash('sha256');
    let bytes = 0;
    let chunks = 0;
    const put = async (chunk: Uint8Array): Promise<void> => {
      hash.update(chunk);
      bytes += chunk.length;
      await this.records.put(chunkKey(sessionId, file, chunks), chunk, { expiresAt });
      chunks += 1;
    };
    await pipeline(Readable.from(lines), createGzip(), chunked(put));
    const head: ArchiveHead = { ...facts, sha256: hash.digest('hex'), bytes, chunks };
    await this.records.put(headKey(sessionId), rowBytes(head), { expiresAt });
    await this.removeFiles(sessionId, file);
    return head;
  }

  /** The lines of the archive that `head` names. @throws Error when it is not whole */
  async *lines(sessionId: string, head: ArchiveHead): AsyncGenerator<string> {
    const chunks: Uint8Array[] = [];
    const hash = createHash('sha256');
    for (let index = 0; index < head.chunks; index += 1) {
      const stored = await this.records.get(chunkKey(sessionId, head.file, index));
      if (!stored) throw new Error(`archive of session ${sessionId}: chunk ${index} of ${head.chunks} is missing`);
      hash.update(stored.value);
      chunks.push(stored.value);
    }
    if (hash.digest('hex') !== head.sha256) throw new Error(`archive of session ${sessionId}: the bytes are not those that were written`);
    yield* linesOf(Readable.from(chunks).pipe(createGunzip()));
  }

  async remove(sessionId: string): Promise<void> {
    await this.records.delete(headKey(sessionId));
    await this.removeFiles(sessionId, '');
  }

  private async removeFiles(sessionId: string, except: string): Promise<void> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.records.list(prefix(sessionId), { limit: 20, ...(cursor === undefined ? {} : { cursor }) });
      const gone = page.items.filter(({ key }) => key !== headKey(sessionId) && !key.startsWith(`${prefix(sessionId)}${except}/`));
      await Promise.all(gone.map(({ key }) => this.records.delete(key)));
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }
}

/** Gathers bytes into chunks of the greatest size, the last one apart. */
function chunked(put: (chunk: Uint8Array) => Promise<void>): Writable {
  let gathered = Buffer.alloc(0);
  const flush = async (down: number): Promise<void> => {
    while (gathered.length > down) {
      await put(gathered.subarray(0, chunkBytesMax));
      gathered = gathered.subarray(chunkBytesMax);
    }
  };
  const settle = (work: Promise<void>, done: (error?: Error) => void): void => void work.then(() => done(), (error: unknown) => done(error as Error));
  return new Writable({
    write(piece: Buffer, _encoding, done) {
      gathered = Buffer.concat([gathered, piece]);
      settle(flush(chunkBytesMax - 1), done);
    },
    final(done) {
      settle(flush(0), done);
    },
  });
}
