import { cachedAsync, MetricsCollector, timedExecution } from '@kortana/perf';

/** Compiled once in each dialect of decorators, and run; see `decorators.test.ts`. */
export const metrics = new MetricsCollector();

export class Accounts {
  static bank = 'bank';
  static opened = 0;
  readonly owner: string;
  runs = 0;

  constructor(owner: string) {
    this.owner = owner;
  }

  @timedExecution({ metrics })
  @cachedAsync({ ttlMs: 1000 })
  async read(what: string): Promise<string> {
    this.runs++;
    return `${what} of ${this.owner}`;
  }

  @cachedAsync()
  static async open(owner: string): Promise<string> {
    return `${owner} at ${this.bank}, run ${++Accounts.opened}`;
  }

  @timedExecution({ name: 'sum', metrics })
  sum(this: Accounts, a: number, b: number): number {
    return a + b;
  }
}
