import { checkBoolean, checkOneOf } from '@kortana/errors';

export const vocabularies = ['legacy', 'latest', 'both'] as const;

/**
 * Which names the metrics have: `legacy` is what most back ends know (semantic conventions up to
 * 1.44), `latest` what the GenAI conventions have moved to.
 */
export type Vocabulary = (typeof vocabularies)[number];

export interface TelemetryOptions {
  /** Default: `latest` where `OTEL_SEMCONV_STABILITY_OPT_IN` has `gen_ai_latest_experimental`, else `legacy`. */
  semconv?: Vocabulary | undefined;
  /**
   * Puts messages and answers into the spans. Default: whether
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is `true` (or names spans), else false.
   */
  captureContent?: boolean | undefined;
}

export interface Telemetry {
  semconv: Vocabulary;
  captureContent: boolean;
}

const env = (name: string): string => globalThis.process?.env[name] ?? '';

function vocabularyFromEnvironment(): Vocabulary {
  const words = env('OTEL_SEMCONV_STABILITY_OPT_IN').split(',');
  const optIn = new Set(words.map((word) => word.trim()));
  if (optIn.has('gen_ai_latest_experimental/dup')) return 'both';
  return optIn.has('gen_ai_latest_experimental') ? 'latest' : 'legacy';
}

/** Checked and filled in. */
export function telemetryOf(options: TelemetryOptions): Telemetry {
  const {
    semconv = vocabularyFromEnvironment(),
    captureContent = /^(?:true|span_only|span_and_event)$/i.test(
      env('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'),
    ),
  } = options;
  return {
    semconv: checkOneOf('semconv', semconv, vocabularies),
    captureContent: checkBoolean('captureContent', captureContent),
  };
}
