import type { Attributes } from '@opentelemetry/api';
import { costOf } from '../cost/cost-of.ts';
import type { PriceTable } from '../cost/prices.ts';
import { errorType } from './attributes.ts';
import { instrumentsFor } from './instruments.ts';
import type { CallObserver, ObservedCall, Told } from './observe-model.ts';
import type { Vocabulary } from './telemetry-options.ts';

/** Records the metrics of a call; `seconds` since its beginning. */
export function metricObserver(
  call: ObservedCall,
  attributes: Attributes,
  semconv: Vocabulary,
  prices: PriceTable,
  seconds: () => number,
): CallObserver {
  const { durations, tokens, cost, active } = instrumentsFor(semconv);
  active.add(1, attributes);
  let last: number | undefined;

  const tell = ({ model, usage }: Told, answered: Attributes) => {
    if (!usage) return;
    for (const { row, add } of tokens) {
      const count = usage[row.of];
      if (count !== undefined) add(count, { ...answered, ...row.attributes });
    }
    const costUsd = costOf({ provider: call.model.provider, model, usage }, prices);
    if (costUsd !== undefined) cost.add(costUsd, answered);
  };

  return {
    chunk() {
      const now = seconds();
      const kind = last === undefined ? durations.firstChunk : durations.nextChunk;
      for (const histogram of kind) histogram.record(now - (last ?? 0), attributes);
      last = now;
    },
    end(outcome) {
      active.add(-1, attributes);
      // Who was stopped took as long as someone had patience: that measures nothing.
      if (outcome.kind === 'stopped') return;
      const ended =
        outcome.kind === 'failed'
          ? { ...attributes, 'error.type': errorType(outcome.error) }
          : { ...attributes, 'gen_ai.response.model': outcome.told.model };
      for (const histogram of durations.duration) histogram.record(seconds(), ended);
      if (outcome.kind === 'whole') tell(outcome.told, ended);
    },
  };
}
