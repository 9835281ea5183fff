/** A place in a queue, to leave it by. */
export interface FifoNode<T> {
  readonly value: T;
  previous: FifoNode<T> | undefined;
  next: FifoNode<T> | undefined;
  queued: boolean;
}

/**
 * First come, first served, where anybody may leave from anywhere: all in constant time. (An array
 * shifts in linear time, a Set slows down with each deleted front.)
 */
export class Fifo<T> {
  #head: FifoNode<T> | undefined;
  #tail: FifoNode<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: T): FifoNode<T> {
    const node: FifoNode<T> = { value, previous: this.#tail, next: undefined, queued: true };
    if (this.#tail === undefined) this.#head = node;
    else this.#tail.next = node;
    this.#tail = node;
    this.#size++;
    return node;
  }

  shift(): T | undefined {
    const node = this.#head;
    if (node === undefined) return undefined;
    this.remove(node);
    return node.value;
  }

  /** False if it had left already. */
  remove(node: FifoNode<T>): boolean {
    if (!node.queued) return false;
    node.queued = false;
    if (node.previous === undefined) this.#head = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#tail = node.previous;
    else node.next.previous = node.previous;
    this.#size--;
    return true;
  }

  /** The places from the first on; who stands at one may be removed meanwhile. */
  *[Symbol.iterator](): Generator<FifoNode<T>, void, undefined> {
    for (let node = this.#head; node !== undefined;) {
      const { next } = node;
      yield node;
      node = next;
    }
  }
}
