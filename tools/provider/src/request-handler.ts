import type { IncomingMessage, ServerResponse } from 'node:http';
import { askedOf } from './asked.ts';
import type { Call, CallLog } from './call.ts';
import { type ControlTarget, control } from './control.ts';
import { directiveOf } from './directive.ts';
import { answerFor, modelList, refusal } from './endpoints.ts';
import type { FaultPlan } from './fault-plan.ts';
import { applyFaults } from './faults/index.ts';
import type { ProviderOptions } from './provider-options.ts';
import { readJson } from './read-body.ts';
import { type Ending, perform, type Step } from './step.ts';

type Send = (steps: Step[]) => Promise<Ending>;

/** Answers one request after the other, as well as the faults of the moment let it. */
export class RequestHandler {
  readonly #options: ProviderOptions;
  readonly #log: CallLog;
  readonly #plan: FaultPlan;
  readonly #target: ControlTarget;

  constructor(options: ProviderOptions, log: CallLog, plan: FaultPlan, target: ControlTarget) {
    this.#options = options;
    this.#log = log;
    this.#plan = plan;
    this.#target = target;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hungUp = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) hungUp.abort();
    });
    response.on('error', () => undefined);
    const send: Send = (steps) => perform(steps, response, hungUp.signal);
    try {
      await this.#route(request, send);
    } catch (error) {
      // A wrong directive must be seen, not pass as one more fault.
      const message = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) await send(refusal(400, message, 'bad_request'));
    }
  }

  async #route(request: IncomingMessage, send: Send): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const path = url.split('?')[0]!;
    if (path === '/control') {
      await send(control(this.#target, method, await readJson(request)));
      return;
    }
    const { apiKey, models = ['gpt-4o', 'gpt-4o-mini'] } = this.#options;
    if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
      await send(refusal(401, 'Incorrect API key provided.', 'invalid_api_key'));
    } else if (path === '/v1/models') {
      await send(modelList(models));
    } else if (method !== 'POST') {
      await send(refusal(405, `Not allowed to ${method} on ${path}.`));
    } else {
      await this.#answer({ path, headers, body: await readJson(request) }, send);
    }
  }

  async #answer(begun: Pick<Call, 'path' | 'headers' | 'body'>, send: Send): Promise<void> {
    const call = this.#log.begin(begun);
    try {
      this.#log.settle(call, await send(this.#stepsFor(call)));
    } catch (error) {
      this.#log.settle(call, 'broken');
      throw error;
    }
  }

  #stepsFor(call: Call): Step[] {
    const good = answerFor(call.path, call.body, call.number, this.#options);
    if (!good) return refusal(404, `Unknown request URL: ${call.path}.`);
    const { model, stream, said } = askedOf(call.path, call.body);
    const fault = this.#plan.for({ number: call.number, model, stream }, directiveOf(model, said));
    if (fault === undefined) return good;
    call.fault = fault;
    return applyFaults(good, fault);
  }
}
