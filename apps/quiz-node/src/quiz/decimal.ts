/** Distances between numbers as people write them: 1.1 − 1.0 is 0.1, which it is not in binary. */

interface Decimal {
  readonly digits: bigint;
  /** The value is digits · 10^exponent. */
  readonly exponent: number;
}

/** Below this, sums and differences of whole numbers are exact in a double. */
const EXACT_MAX = 2 ** 52;

/** Reads the shortest JSON form of a finite number, which is the shortest decimal that names it. */
function decimal(x: number): Decimal {
  const [mantissa = '', power = '0'] = String(x).split('e');
  const dot = mantissa.indexOf('.');
  if (dot < 0) return { digits: BigInt(mantissa), exponent: Number(power) };
  const fraction = mantissa.slice(dot + 1);
  return { digits: BigInt(mantissa.slice(0, dot) + fraction), exponent: Number(power) - fraction.length };
}

function exactWhole(x: number): boolean {
  return Number.isInteger(x) && x <= EXACT_MAX && x >= -EXACT_MAX;
}

/** True if |a − b| ≤ tolerance, exactly, over the decimals of the shortest JSON forms. All three are finite, tolerance ≥ 0. */
export function within(a: number, b: number, tolerance: number): boolean {
  if (a === b) return true;
  if (tolerance === 0) return false; // different doubles have different shortest forms
  if (exactWhole(a) && exactWhole(b)) {
    const distance = Math.abs(a - b);
    if (exactWhole(tolerance)) return distance <= tolerance;
  }
  const [x, y, t] = [decimal(a), decimal(b), decimal(tolerance)];
  const exponent = Math.min(x.exponent, y.exponent, t.exponent);
  const scaled = (d: Decimal): bigint => d.digits * 10n ** BigInt(d.exponent - exponent);
  const difference = scaled(x) - scaled(y);
  return (difference < 0n ? -difference : difference) <= scaled(t);
}
