/** Columns and lists as text: four bytes a number, little-endian, in base64. */

export function packInts(numbers: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(numbers.length * 4));
  for (let i = 0; i < numbers.length; i += 1) view.setInt32(i * 4, numbers[i] as number, true);
  return Buffer.from(view.buffer).toString('base64');
}

export function unpackInts(text: string): Int32Array {
  const bytes = Buffer.from(text, 'base64');
  const numbers = new Int32Array(bytes.length / 4);
  for (let i = 0; i < numbers.length; i += 1) numbers[i] = bytes.readInt32LE(i * 4);
  return numbers;
}
