import { randomUUID } from 'node:crypto';
import { callHook, checkFunction, checkOneOf, handleError, KortanaError } from '@kortana/errors';
import type { PriceTable } from '@kortana/llm';
import type { Clock, MetricsCollector } from '@kortana/perf';
import type { Logger } from '@logtape/logtape';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Receipt } from '../answer/receipt.ts';
import type { Lane } from '../models/lane.ts';
import type { Answer } from '../pipeline/call.ts';
import { codeOf } from '../pipeline/known-error.ts';
import { countNotice } from './count-notice.ts';
import { Journal } from './journal.ts';
import { logNotice } from './log-notice.ts';
import { makeReceipt } from './make-receipt.ts';
import type { EngineNotice, Tell } from './notice.ts';

/** The names under which operations are counted. */
export type Operation = 'get_response' | 'stream_response' | 'complete' | 'stream';

/** Sees every request from outside: receipt, figures, span, log line, listeners. */
export class Observer {
  readonly metrics: MetricsCollector;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #prices: PriceTable;
  readonly #listeners = new Set<(notice: EngineNotice) => void>();

  constructor(parts: {
    metrics: MetricsCollector;
    logger: Logger;
    clock: Clock;
    prices: PriceTable;
  }) {
    this.metrics = parts.metrics;
    this.#logger = parts.logger;
    this.#clock = parts.clock;
    this.#prices = parts.prices;
  }

  /** @throws TypeError for a listener that is no function, RangeError for another event */
  on(event: 'event', listener: (notice: EngineNotice) => void): () => void {
    checkOneOf('event', event, ['event']);
    checkFunction('listener', listener);
    // A wrapper of its own, so that one listener may be added twice.
    const own = (notice: EngineNotice): void => listener(notice);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  readonly tell: Tell = (notice) => {
    countNotice(this.count, notice);
    callHook('logger', logNotice, [this.#logger, notice]);
    for (const listener of this.#listeners)
      callHook('listener', listener, [notice], this.onHookError);
  };

  async request(
    operation: Operation,
    primary: Lane,
    signal: AbortSignal | undefined,
    run: (journal: Journal) => Promise<Answer>,
  ): Promise<{ answer: Answer; receipt: Receipt }> {
    const requestId = randomUUID();
    const journal = new Journal(requestId, this.#clock.now(), primary, this.tell);
    this.tell({ type: 'request', requestId, operation });
    // Asked for each time: a provider may be registered, or replaced, later.
    const span = trace.getTracer('@kortana/engine').startSpan(`kortana.${operation}`, {
      attributes: { 'kortana.request_id': requestId, 'gen_ai.request.model': primary.name },
    });
    try {
      // Without a tracer there is nothing to hand on, and a context is dear.
      const answer = await (span.isRecording()
        ? context.with(trace.setSpan(context.active(), span), () => run(journal))
        : run(journal));
      const receipt = makeReceipt(answer, journal, this.#clock.now(), this.#prices);
      span.setAttributes({
        'kortana.source': receipt.source,
        'kortana.attempts': receipt.attempts.length,
        'kortana.degraded': receipt.degraded.map(({ part }) => part),
        'gen_ai.response.model': receipt.model,
      });
      this.#onReply(operation, receipt);
      return { answer, receipt };
    } catch (error) {
      const totalMs = this.#clock.now() - journal.startedAt;
      if (signal?.aborted === true) this.#onAbort(operation, requestId, totalMs);
      else {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', codeOf(error));
        this.#onFailure(operation, journal, totalMs, error);
      }
      throw error;
    } finally {
      span.end();
    }
  }

  /** Never throws, whatever a collector of the user's does. */
  record(operation: string, ms: number, success: boolean): void {
    const { metrics } = this;
    callHook('metrics', () => metrics.record(operation, ms, success), [], this.onHookError);
  }

  readonly count = (counter: string): void => {
    callHook('metrics', () => this.metrics.increment(counter), [], this.onHookError);
  };

  readonly onTool = (name: string, error?: unknown): void => {
    this.count(error === undefined ? 'tools_run' : 'tools_failed');
    if (error === undefined) return;
    // Its words may quote what was said.
    const properties = { name, code: codeOf(error) };
    const warn = (): void => this.#logger.warn('The tool {name} failed ({code})', properties);
    callHook('logger', warn, []);
  };

  #onReply(operation: Operation, receipt: Receipt): void {
    this.record(operation, receipt.timings.totalMs, true);
    this.tell({ type: 'reply', requestId: receipt.requestId, operation, receipt });
  }

  #onFailure(operation: Operation, journal: Journal, totalMs: number, error: unknown): void {
    const { requestId, attempts } = journal;
    const code = codeOf(error);
    this.record(operation, totalMs, false);
    // Only whoever listens wants words, and to mask secrets in them is dear.
    const message = this.#listeners.size > 0 ? handleError(error)[1] : '';
    const retryAfterMs = KortanaError.isInstance(error) ? error.retryAfterMs : undefined;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.tell({ type: 'failure', requestId, operation, code, message, ...wait, attempts, totalMs });
  }

  #onAbort(operation: Operation, requestId: string, totalMs: number): void {
    this.tell({ type: 'aborted', requestId, operation, totalMs });
  }

  readonly onHookError = (name: string, error: unknown): void => {
    this.#logger.warn('`{name}` failed: {error}', { name, error });
  };
}
