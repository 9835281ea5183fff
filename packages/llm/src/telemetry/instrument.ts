import { checkMethods, checkObject } from '@kortana/errors';
import type { ChatModel } from '../chat-model.ts';
import { defaultPrices, type PriceTable } from '../cost/prices.ts';
import { commonAttributes } from './attributes.ts';
import { logObserver, logObserverError } from './log.ts';
import { metricObserver } from './measures.ts';
import { type CallObserver, type ObservedCall, observeModel } from './observe-model.ts';
import { spanObserver } from './spans.ts';
import { type TelemetryOptions, telemetryOf } from './telemetry-options.ts';

export interface InstrumentOptions extends TelemetryOptions {
  /** For `kortana.llm.cost`; default: the table of this package. */
  prices?: PriceTable | undefined;
  /** Monotonic; default `performance`. */
  clock?: { now(): number } | undefined;
}

/**
 * The same model with OpenTelemetry spans and metrics, and a log line, for each call. Costs next
 * to nothing until an application registers an OpenTelemetry SDK. `openaiModel` has it already.
 */
export function instrument(model: ChatModel, options: InstrumentOptions = {}): ChatModel {
  checkMethods('model', model, ['complete', 'stream']);
  checkObject('options', options);
  const { semconv, captureContent } = telemetryOf(options);
  const { prices = defaultPrices, clock } = options;
  if (clock !== undefined) checkMethods('clock', clock, ['now']);
  const now = () => (clock ?? performance).now();
  const observe = (call: ObservedCall): CallObserver => {
    const startedAt = now();
    const seconds = () => (now() - startedAt) / 1000;
    const attributes = commonAttributes(call);
    const span = spanObserver(call, attributes, captureContent, seconds);
    const rest = [
      metricObserver(call, attributes, semconv, prices, seconds),
      logObserver(call, seconds),
    ];
    return {
      ...span,
      chunk(chunk) {
        span.chunk?.(chunk);
        for (const observer of rest) observer.chunk?.(chunk);
      },
      end(outcome) {
        for (const observer of rest) observer.end(outcome);
        span.end(outcome);
      },
    };
  };
  return observeModel(model, observe, logObserverError);
}
