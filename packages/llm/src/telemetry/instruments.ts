import {
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  metrics,
  type UpDownCounter,
} from '@opentelemetry/api';
import {
  type DurationKind,
  durationRows,
  type MetricRow,
  type TokenRow,
  tokenRows,
} from './metric-table.ts';
import type { Vocabulary } from './telemetry-options.ts';

export const scopeName = '@kortana/llm';

export interface Instruments {
  durations: Record<DurationKind, Histogram[]>;
  tokens: { row: TokenRow; add(count: number, attributes: Attributes): void }[];
  /** What the conventions don't have is ours. */
  cost: Counter;
  active: UpDownCounter;
}

function makeInstruments(meter: Meter, semconv: Vocabulary): Instruments {
  const speaks = (row: MetricRow) => semconv === 'both' || row.vocabulary === semconv;
  const histograms = (kind: DurationKind) =>
    durationRows[kind]
      .filter(speaks)
      .map(({ name, options }) => meter.createHistogram(name, options));
  return {
    durations: {
      duration: histograms('duration'),
      firstChunk: histograms('firstChunk'),
      nextChunk: histograms('nextChunk'),
    },
    tokens: tokenRows.filter(speaks).map((row) => ({ row, add: adderOf(meter, row) })),
    cost: meter.createCounter('kortana.llm.cost', {
      unit: '{USD}',
      description: 'What calls cost, where the price is known',
    }),
    active: meter.createUpDownCounter('kortana.llm.active_calls', {
      unit: '{call}',
      description: 'Calls that have begun and not ended',
    }),
  };
}

function adderOf(meter: Meter, { kind, name, options }: TokenRow) {
  if (kind === 'counter') {
    const counter = meter.createCounter(name, options);
    return (count: number, attributes: Attributes) => counter.add(count, attributes);
  }
  const histogram = meter.createHistogram(name, options);
  return (count: number, attributes: Attributes) => histogram.record(count, attributes);
}

const made = new Map<Vocabulary, { provider: unknown; instruments: Instruments }>();

/**
 * Made when first needed, and made anew when another meter provider is registered: the API has no
 * proxy for meters, and what is made before an SDK starts would stay silent for ever.
 */
export function instrumentsFor(semconv: Vocabulary): Instruments {
  const provider = metrics.getMeterProvider();
  const known = made.get(semconv);
  if (known?.provider === provider) return known.instruments;
  const instruments = makeInstruments(provider.getMeter(scopeName), semconv);
  made.set(semconv, { provider, instruments });
  return instruments;
}
