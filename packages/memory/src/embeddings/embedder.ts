/** Gives one vector for each text, all of one length. */
export interface Embedder {
  /** Names the vectors: those of another model are never compared with these. */
  readonly model: string;
  embed(texts: readonly string[], signal?: AbortSignal): Promise<number[][]>;
}
