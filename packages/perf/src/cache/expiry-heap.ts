import type { SlotTable } from './slot-table.ts';

/**
 * A binary heap of nodes, the soonest to expire on top. A node's place is kept in its own link
 * (as -1 - place), so that it can be taken out from anywhere.
 */
export class ExpiryHeap {
  readonly #table: SlotTable<unknown, unknown>;
  readonly #nodes: number[] = [];

  constructor(table: SlotTable<unknown, unknown>) {
    this.#table = table;
  }

  get isEmpty(): boolean {
    return this.#nodes.length === 0;
  }

  /** The node that expires first. */
  get top(): number | undefined {
    return this.#nodes[0];
  }

  static holds(link: number): boolean {
    return link < 0;
  }

  push(node: number): void {
    this.#rise(node, this.#nodes.push(node) - 1);
  }

  remove(node: number): void {
    const place = -1 - this.#table.links[node]!;
    const last = this.#nodes.pop()!;
    if (last === node) return;
    this.#rise(last, place);
    if (this.#nodes[place] === last) this.#sink(last, place);
  }

  #rise(node: number, from: number): void {
    const time = this.#timeOf(node);
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#nodes[above]!;
      if (this.#timeOf(parent) <= time) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(node, place);
  }

  #sink(node: number, from: number): void {
    const time = this.#timeOf(node);
    const size = this.#nodes.length;
    let place = from;
    for (let below = 2 * place + 1; below < size; below = 2 * place + 1) {
      const right = below + 1;
      if (right < size && this.#timeOf(this.#nodes[right]!) < this.#timeOf(this.#nodes[below]!)) {
        below = right;
      }
      const child = this.#nodes[below]!;
      if (time <= this.#timeOf(child)) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(node, place);
  }

  #put(node: number, place: number): void {
    this.#nodes[place] = node;
    this.#table.links[node] = -1 - place;
  }

  #timeOf(node: number): number {
    return this.#table.times[this.#table.timeIndexOf(node)]!;
  }
}
