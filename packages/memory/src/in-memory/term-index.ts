import { rarestTerms } from '../text/rarest-terms.ts';
import { stem } from '../text/stem.ts';

// The usual constants of BM25: how fast repetition saturates, how much length counts.
const k1 = 1.2;
const b = 0.75;

/** An inverted index with BM25 (Robertson & Zaragoza, 2009) over numbered texts. */
export class TermIndex {
  readonly #postings = new Map<string, Map<number, number>>();
  readonly #lengths = new Map<number, number>();
  #totalLength = 0;

  add(id: number, terms: readonly string[]): void {
    this.#lengths.set(id, terms.length);
    this.#totalLength += terms.length;
    for (const term of terms) {
      const posting = this.#postings.get(term) ?? new Map<number, number>();
      posting.set(id, (posting.get(id) ?? 0) + 1);
      this.#postings.set(term, posting);
    }
  }

  /** `terms` as they were added. */
  remove(id: number, terms: readonly string[]): void {
    if (!this.#lengths.delete(id)) return;
    this.#totalLength -= terms.length;
    for (const term of new Set(terms)) {
      const posting = this.#postings.get(term);
      posting?.delete(id);
      if (posting?.size === 0) this.#postings.delete(term);
    }
  }

  /**
   * Scores of what contains the rarest of the terms.
   *
   * @param among only these are of interest: then no more is looked at, however much there is
   */
  search(terms: readonly string[], among?: ReadonlySet<number>): Map<number, number> {
    const frequencies = [...new Set(terms.map(stem))].map((term) => ({
      term,
      turns: this.#postings.get(term)?.size ?? 0,
    }));
    const scores = new Map<number, number>();
    for (const term of rarestTerms(frequencies, this.#lengths.size)) {
      this.#score(term, among, scores);
    }
    return scores;
  }

  #score(term: string, among: ReadonlySet<number> | undefined, scores: Map<number, number>): void {
    const posting = this.#postings.get(term)!;
    const count = this.#lengths.size;
    const idf = Math.log(1 + (count - posting.size + 0.5) / (posting.size + 0.5));
    const candidates = among && among.size < posting.size ? among : posting.keys();
    for (const id of candidates) {
      const occurrences = posting.get(id);
      if (occurrences === undefined || among?.has(id) === false) continue;
      const length = (this.#lengths.get(id)! * count) / this.#totalLength;
      const weight = (occurrences * (k1 + 1)) / (occurrences + k1 * (1 - b + b * length));
      scores.set(id, (scores.get(id) ?? 0) + idf * weight);
    }
  }
}
