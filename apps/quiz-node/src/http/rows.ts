/** Rows of Records as JSON. */
export function rowBytes(row: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(row));
}

/** Only of what `rowBytes` made: the store has checked that the bytes are the same. */
export function readRow<Row>(bytes: Uint8Array): Row {
  return JSON.parse(new TextDecoder().decode(bytes)) as Row;
}
