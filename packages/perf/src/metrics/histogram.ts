/**
 * Counts durations in buckets whose width grows with the value, as in Gil Tene's HdrHistogram: each
 * doubling is split into 64, so that a bucket's middle is at most 1/128 (0.8 %) off. The bucket is
 * read off the top bits of the number itself: sign, 11 bits of exponent, 6 of the mantissa.
 */
const bits = new Float64Array(1);
const halves = new Uint32Array(bits.buffer);
/** Which of the two halves has the exponent. */
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const shift = 14;

/** Values beyond count in the outermost buckets: 2^-30 ms (a femtosecond) and 2^50 ms (35,000 years). */
const lowest = bucketOf(2 ** -30);
const buckets = 80 * 64;

function bucketOf(value: number): number {
  bits[0] = value;
  return halves[high]! >>> shift;
}

function middleOf(bucket: number): number {
  halves[high] = bucket << shift;
  halves[1 - high] = 0;
  const from = bits[0]!;
  halves[high] = (bucket + 1) << shift;
  return (from + bits[0]!) / 2;
}

export class Histogram {
  count = 0;
  sum = 0;
  min = Infinity;
  max = 0;
  /** By doublings, made when one is first hit: few of the 80 ever are. */
  readonly #counts: (Float64Array | undefined)[] = [];

  /** @param value a finite number from 0 up */
  record(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.add(Math.min(Math.max(bucketOf(value) - lowest, 0), buckets - 1), 1);
  }

  add(bucket: number, count: number): void {
    const part = (this.#counts[bucket >> 6] ??= new Float64Array(64));
    part[bucket & 63]! += count;
  }

  /** The values below or at which the given shares (0 to 1, ascending) of all values lie. */
  percentiles(shares: readonly number[]): number[] {
    const found: number[] = [];
    let seen = 0;
    for (const [bucket, count] of this.entries()) {
      seen += count;
      while (
        found.length < shares.length &&
        seen >= Math.ceil(shares[found.length]! * this.count)
      ) {
        found.push(Math.min(Math.max(middleOf(bucket + lowest), this.min), this.max));
      }
    }
    return found;
  }

  *entries(): Generator<[bucket: number, count: number]> {
    for (const [index, part] of this.#counts.entries()) {
      if (part === undefined) continue;
      for (const [at, count] of part.entries()) if (count > 0) yield [index * 64 + at, count];
    }
  }
}
