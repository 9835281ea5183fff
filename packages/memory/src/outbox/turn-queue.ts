import type { StoredTurn } from '../turn.ts';

export type RecordResult = 'stored' | 'queued' | 'dropped';

/** A turn on its way. */
export interface Entry {
  readonly turn: StoredTurn;
  readonly bytes: number;
  result: RecordResult;
  /** Resolves when somebody who waits may go on; `result` may still change later. */
  readonly settled: Promise<void>;
  readonly settle: (result: RecordResult) => void;
}

export function newEntry(turn: StoredTurn): Entry {
  let resolve!: () => void;
  const settled = new Promise<void>((done) => {
    resolve = done;
  });
  const entry: Entry = {
    turn,
    bytes: Buffer.byteLength(JSON.stringify(turn)),
    result: 'queued',
    settled,
    settle(result) {
      entry.result = result;
      resolve();
    },
  };
  return entry;
}

/** Entries, oldest first, that knows how many bytes it holds. */
export class TurnQueue {
  #entries: Entry[] = [];
  bytes = 0;

  get size(): number {
    return this.#entries.length;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get turns(): StoredTurn[] {
    return this.#entries.map(({ turn }) => turn);
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.bytes += entry.bytes;
  }

  /** Back to the front, where it came from. */
  unshift(entry: Entry): void {
    this.#entries.unshift(entry);
    this.bytes += entry.bytes;
  }

  shift(): Entry | undefined {
    const entry = this.#entries.shift();
    this.bytes -= entry?.bytes ?? 0;
    return entry;
  }

  /** Takes out those the predicate names. */
  takeIf(isTaken: (turn: StoredTurn) => boolean): Entry[] {
    const taken = this.#entries.filter(({ turn }) => isTaken(turn));
    this.#entries = this.#entries.filter(({ turn }) => !isTaken(turn));
    for (const { bytes } of taken) this.bytes -= bytes;
    return taken;
  }
}
