import { cachedAsync, MetricsCollector, timedExecution } from '@kortana/perf';

/** Private methods can be decorated in the standard dialect only; see `decorators.test.ts`. */
export const metrics = new MetricsCollector();

export class Vault {
  runs = 0;
  readonly #content: number;

  constructor(content: number) {
    this.#content = content;
  }

  @timedExecution({ metrics: metrics })
  @cachedAsync()
  async #load(): Promise<number> {
    this.runs++;
    return this.#content;
  }

  read(): Promise<number> {
    return this.#load();
  }
}
