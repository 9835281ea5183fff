import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Call, CallLog, type Counts } from './call.ts';
import type { ChatRequestBody } from './chat-request.ts';
import { type ControlTarget, control } from './control.ts';
import { directiveOf } from './directive.ts';
import { answerFor, modelList, refusal } from './endpoints.ts';
import { FaultPlan, type Script } from './fault-plan.ts';
import { applyFaults, checkDirective } from './faults/index.ts';
import type { ProviderOptions } from './provider-options.ts';
import { readJson } from './read-body.ts';
import { type Ending, perform, type Step } from './step.ts';

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
  readonly #options: ProviderOptions;
  readonly #log: CallLog;
  readonly #plan: FaultPlan;
  #server: Server | undefined;
  #port: number;

  constructor(options: ProviderOptions) {
    const { port = 0, fault } = options;
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new RangeError(`Expected \`port\` to be an integer from 0 to 65535, got ${port}`);
    }
    if (fault !== undefined) checkDirective(fault);
    this.#options = options;
    this.#port = port;
    this.#log = new CallLog(options.maxCalls ?? 1000);
    this.#plan = new FaultPlan(options.script ?? [], options.fault, options.random ?? Math.random);
  }

  get url(): string {
    return `http://${this.#options.host ?? '127.0.0.1'}:${this.#port}/v1`;
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
    const server = createServer((request, response) => void this.#serve(request, response));
    server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.#log.connected();
    });
    // A socket that we reset ourselves is no news.
    server.on('clientError', (_, socket) => socket.destroy());
    server.listen(this.#port, this.#options.host ?? '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  close(): Promise<void> {
    return this.down();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hungUp = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) hungUp.abort();
    });
    response.on('error', () => undefined);
    const send = (steps: Step[]) => perform(steps, response, hungUp.signal);
    try {
      const path = (request.url ?? '/').split('?')[0]!;
      if (path === '/control') {
        await send(control(this, request.method ?? 'GET', await readJson(request)));
      } else {
        const free = this.#withoutModel(path, request.headers.authorization);
        await (free ? send(free) : this.#answer(path, request, send));
      }
    } catch (error) {
      // A wrong directive must be seen, not pass as one more fault.
      const message = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) await send(refusal(400, message, 'bad_request'));
    }
  }

  /** What no model is needed for, and what no script counts. */
  #withoutModel(path: string, authorization: string | undefined): Step[] | undefined {
    const { apiKey, models = ['gpt-4o', 'gpt-4o-mini'] } = this.#options;
    if (apiKey !== undefined && authorization !== `Bearer ${apiKey}`) {
      return refusal(401, 'Incorrect API key provided.', 'invalid_api_key');
    }
    return path === '/v1/models' ? modelList(models) : undefined;
  }

  async #answer(
    path: string,
    request: IncomingMessage,
    send: (steps: Step[]) => Promise<Ending>,
  ): Promise<void> {
    const body = await readJson(request);
    const call = this.#log.begin({ path, headers: request.headers, body });
    try {
      const good = answerFor(path, body, call.number, this.#options);
      const steps = good
        ? this.#faulty(call, good)
        : refusal(404, `Unknown request URL: POST ${path}.`);
      this.#log.settle(call, await send(steps));
    } catch (error) {
      this.#log.settle(call, 'broken');
      throw error;
    }
  }

  #faulty(call: Call, good: Step[]): Step[] {
    const { model, messages, stream } = call.body as Partial<ChatRequestBody>;
    const asked =
      model !== undefined && messages ? directiveOf(call.body as ChatRequestBody) : undefined;
    const info = { number: call.number, model: model ?? '', stream: stream === true };
    const fault = this.#plan.for(info, asked);
    if (fault === undefined) return good;
    call.fault = fault;
    return applyFaults(good, fault);
  }
}
