/**
 * Counts durations in buckets whose width grows with the value, as HdrHistogram does: each doubling
 * is split into 64, so a bucket's middle is at most 1/128 (0.8 %) away from anything in it. Which
 * bucket it is stands in the number itself: 11 bits of exponent and the first 6 of the mantissa.
 *
 * Told apart are 2^-20 ms (a nanosecond) to 2^44 ms (500 years); what is beyond counts in the
 * outermost buckets, and in the first one as the least value of all: mostly 0. Room is made by doublings, as they are hit: some kilobytes, 32 at most.
 */
export class Histogram {
  count = 0;
  sum = 0;
  min = Infinity;
  max = 0;
  /** The counts of the buckets from `#from` on. Floats, because they don't overflow. */
  #counts = new Float64Array(0);
  #from = 0;

  /** @param value a finite number from 0 up */
  record(value: number): void {
    this.count++;
    this.sum = Math.min(this.sum + value, Number.MAX_VALUE); // Infinity is no JSON
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    bits[0] = value;
    const index = (halves[high]! >>> shift) - this.#from;
    // An index before the array (as unsigned number: far behind it), or a bucket without room yet.
    if (index >>> 0 < this.#counts.length) this.#counts[index]!++;
    else this.#add(halves[high]! >>> shift, 1);
  }

  /** Joins what another one counted. */
  merge(other: HistogramData): void {
    for (const [bucket, count] of other.buckets) {
      this.count += count;
      this.#add(bucket, count);
    }
    this.sum = Math.min(this.sum + other.sum, Number.MAX_VALUE);
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  data(): HistogramData {
    const buckets: [bucket: number, count: number][] = [];
    for (const [index, count] of this.#counts.entries()) {
      if (count > 0) buckets.push([this.#from + index, count]);
    }
    return { sum: this.sum, min: this.min, max: this.max, buckets };
  }

  /** The least value that is not less than the given shares of all; shares are 0 to 1, ascending. */
  percentiles(shares: readonly number[]): number[] {
    const found: number[] = [];
    const counts = this.#counts;
    let seen = 0;
    for (let index = 0; found.length < shares.length && index < counts.length; index++) {
      seen += counts[index]!;
      while (found.length < shares.length && seen >= shares[found.length]! * this.count) {
        const bucket = this.#from + index;
        const middle = bucket === lowest ? this.min : middleOf(bucket);
        found.push(Math.min(Math.max(middle, this.min), this.max));
      }
    }
    return found;
  }

  #add(bucket: number, count: number): void {
    const inRange = Math.min(Math.max(bucket, lowest), highest);
    this.#makeRoomFor(inRange);
    this.#counts[inRange - this.#from]! += count;
  }

  /** Whole doublings, so that it is seldom needed. */
  #makeRoomFor(bucket: number): void {
    const end = this.#from + this.#counts.length;
    const isEmpty = this.#counts.length === 0;
    const doubling = bucket - (bucket % perDoubling);
    const from = isEmpty ? doubling : Math.min(this.#from, doubling);
    const to = Math.max(end, doubling + perDoubling);
    if (!isEmpty && from === this.#from && to === end) return;
    const counts = new Float64Array(to - from);
    counts.set(this.#counts, isEmpty ? 0 : this.#from - from);
    this.#counts = counts;
    this.#from = from;
  }
}

/** A histogram as plain JSON: only the buckets that counted something. */
export interface HistogramData {
  sum: number;
  min: number;
  max: number;
  buckets: [bucket: number, count: number][];
}

const perDoubling = 64;
const shift = 20 - Math.log2(perDoubling);

const bits = new Float64Array(1);
const halves = new Uint32Array(bits.buffer);
/** Which of the halves has sign and exponent: that depends on the machine. */
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

const lowest = bucketOf(2 ** -20);
const highest = bucketOf(2 ** 44) - 1;

function bucketOf(value: number): number {
  bits[0] = value;
  return halves[high]! >>> shift;
}

function middleOf(bucket: number): number {
  halves[1 - high] = 0;
  halves[high] = bucket << shift;
  const from = bits[0]!;
  halves[high] = (bucket + 1) << shift;
  return (from + bits[0]!) / 2;
}

/** From where to where the numbers of buckets go. */
export const bucketNumbers = { min: lowest, max: highest };
