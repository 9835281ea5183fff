import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Call, CallLog, type Counts } from './call.ts';
import type { ControlTarget } from './control.ts';
import { FaultPlan, type Script } from './fault-plan.ts';
import { checkDirective } from './faults/index.ts';
import { checkOptions, checkScript, type ProviderOptions } from './provider-options.ts';
import { RequestHandler } from './request-handler.ts';

/** A running server. `await using provider = await startProvider()` closes it at the end of the block. */
export interface Provider extends AsyncDisposable {
  /** The base URL for a client: ends in `/v1`. */
  readonly url: string;
  readonly port: number;
  /** The newest calls, oldest first. */
  readonly calls: readonly Call[];
  readonly counts: Counts;
  /** Sets the directive that holds for every call; none ends it. */
  fail(directive?: string): void;
  /** Directives for the next calls, one each; or a function that decides. */
  script(script: Script): void;
  /** Ends all faults and starts counting anew. */
  reset(): void;
  /** The next call that the caller hangs up on. */
  nextAbort(): Promise<Call>;
  /** Refuses connections and cuts the open ones, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an OpenAI-compatible server on the loopback that answers, and fails, on demand. */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const provider = new FaultyServer(options);
  await provider.up();
  return provider;
}

class FaultyServer implements Provider, ControlTarget {
  readonly #host: string;
  readonly #log: CallLog;
  readonly #plan: FaultPlan;
  readonly #handler: RequestHandler;
  #server: Server | undefined;
  #soon: NodeJS.Timeout | undefined;
  #port: number;

  constructor(options: ProviderOptions) {
    checkOptions(options);
    this.#host = options.host ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.#log = new CallLog(options.maxCalls ?? 1000);
    this.#plan = new FaultPlan(options.script ?? [], options.fault, options.random ?? Math.random);
    this.#handler = new RequestHandler(options, this.#log, this.#plan, this);
  }

  get url(): string {
    return `http://${this.#host}:${this.#port}/v1`;
  }

  get port(): number {
    return this.#port;
  }

  get calls(): readonly Call[] {
    return this.#log.calls;
  }

  get counts(): Counts {
    return this.#log.counts;
  }

  get standingFault(): string | undefined {
    return this.#plan.standing;
  }

  fail(directive?: string): void {
    if (directive !== undefined) checkDirective(directive);
    this.#plan.stand(directive);
  }

  script(script: Script): void {
    checkScript(script);
    this.#plan.script(script, this.#log.counts.calls);
  }

  reset(): void {
    this.#plan.clear();
    this.#log.clear();
  }

  nextAbort(): Promise<Call> {
    return this.#log.next('aborted');
  }

  async up(): Promise<void> {
    if (this.#server) return;
    const server = createServer(
      (request, response) => void this.#handler.handle(request, response),
    );
    server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.#log.connected();
    });
    // A socket that we reset ourselves is no news.
    server.on('clientError', (_, socket) => socket.destroy());
    server.listen(this.#port, this.#host);
    this.#server = server;
    try {
      await once(server, 'listening');
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
    this.#port = (server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  /** Soon, so that the answer to whoever asked for it still gets out. */
  downFor(ms: number): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      void this.down();
      this.#soon = setTimeout(() => void this.up(), ms);
    }, 20);
  }

  close(): Promise<void> {
    clearTimeout(this.#soon);
    return this.down();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
