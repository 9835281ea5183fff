import type { MetricOptions } from '@opentelemetry/api';
import type { TokenUsage } from '../chat-model.ts';
import type { Vocabulary } from './telemetry-options.ts';

/*
 * The metrics of the GenAI semantic conventions, as tables: a change of the conventions is a change
 * of a line. Units and buckets are those the conventions advise.
 */

const seconds = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
const tokens = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
  67_108_864,
];

const inSeconds: MetricOptions = { unit: 's', advice: { explicitBucketBoundaries: seconds } };
const inTokens: MetricOptions = { unit: '{token}', advice: { explicitBucketBoundaries: tokens } };

/** The durations of a call; `stream`: recorded for streamed calls only. */
export type DurationKind = 'duration' | 'firstChunk' | 'nextChunk';

/** One metric in one vocabulary. */
export interface MetricRow {
  name: string;
  options: MetricOptions;
  vocabulary: Exclude<Vocabulary, 'both'>;
}

export const durationRows: Readonly<Record<DurationKind, readonly MetricRow[]>> = {
  duration: [
    { vocabulary: 'legacy', name: 'gen_ai.client.operation.duration', options: inSeconds },
    { vocabulary: 'latest', name: 'gen_ai.client.inference.duration', options: inSeconds },
  ],
  firstChunk: [
    {
      vocabulary: 'legacy',
      name: 'gen_ai.client.operation.time_to_first_chunk',
      options: inSeconds,
    },
    {
      vocabulary: 'latest',
      name: 'gen_ai.client.inference.time_to_first_chunk',
      options: inSeconds,
    },
  ],
  nextChunk: [
    {
      vocabulary: 'legacy',
      name: 'gen_ai.client.operation.time_per_output_chunk',
      options: inSeconds,
    },
    {
      vocabulary: 'latest',
      name: 'gen_ai.client.inference.time_per_output_chunk',
      options: inSeconds,
    },
  ],
};

/** A metric of tokens: which of them it takes, into what, and with which attributes of its own. */
export interface TokenRow extends MetricRow {
  kind: 'histogram' | 'counter';
  of: keyof TokenUsage;
  attributes: Record<string, string>;
}

const legacy = (of: keyof TokenUsage, type: string): TokenRow => ({
  vocabulary: 'legacy',
  kind: 'histogram',
  name: 'gen_ai.client.token.usage',
  options: inTokens,
  of,
  attributes: { 'gen_ai.token.type': type },
});

const latest = (kind: TokenRow['kind'], name: string, of: keyof TokenUsage): TokenRow => ({
  vocabulary: 'latest',
  kind,
  name: `gen_ai.client.inference.${name}`,
  options: kind === 'counter' ? { unit: '{token}' } : inTokens,
  of,
  // Providers tell no split by modality in the fields that we read.
  attributes: kind === 'counter' ? { 'gen_ai.token.modality': 'unknown' } : {},
});

export const tokenRows: readonly TokenRow[] = [
  legacy('inputTokens', 'input'),
  legacy('outputTokens', 'output'),
  latest('counter', 'usage.input_tokens', 'inputTokens'),
  latest('counter', 'usage.output_tokens', 'outputTokens'),
  latest('counter', 'usage.cache_read.input_tokens', 'cachedInputTokens'),
  latest('histogram', 'operation.input_tokens', 'inputTokens'),
  latest('histogram', 'operation.output_tokens', 'outputTokens'),
];
