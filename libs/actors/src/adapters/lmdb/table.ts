/** What the tables of a data folder are to those who read and write them. */
import type { Database } from 'lmdb';

/** A table; its root is the environment's, so that one transaction spans all of them. */
export type LmdbTable = Database<Buffer, Buffer> & { readonly name: string };
