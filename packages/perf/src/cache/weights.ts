import { checkNumber } from '@kortana/errors';

/** What the entries of a cache weigh, by slot, and all together. */
export class Weights<K, V> {
  readonly #limit: number;
  readonly #weigh: (value: V, key: K) => number;
  readonly #bySlot: number[] = [];
  #total = 0;

  constructor(limit: number, weigh: (value: V, key: K) => number) {
    this.#limit = limit;
    this.#weigh = weigh;
  }

  /** @throws TypeError, RangeError for what is no weight */
  of(value: V, key: K): number {
    return checkNumber('weigh', this.#weigh(value, key), { min: 0, infinite: true });
  }

  /** Whether such an entry fits in at all. */
  allows(weight: number): boolean {
    return weight <= this.#limit;
  }

  /** Whether there is room for such an entry beside the others. */
  hasRoomFor(weight: number): boolean {
    return this.#total + weight <= this.#limit;
  }

  add(slot: number, weight: number): void {
    this.#bySlot[slot] = weight;
    this.#total += weight;
  }

  remove(slot: number): void {
    this.#total -= this.#bySlot[slot]!;
  }

  /** What is left of the total of no entries is but the error of the sums. */
  reset(): void {
    this.#total = 0;
  }
}
