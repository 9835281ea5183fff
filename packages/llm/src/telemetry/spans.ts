import {
  type Attributes,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { errorType, requestAttributes, responseAttributes } from './attributes.ts';
import { AnswerText, inputAttributes, outputAttributes } from './content.ts';
import { scopeName } from './instruments.ts';
import type { CallObserver, CallOutcome, ObservedCall } from './observe-model.ts';

/** A client span for a call, `chat gpt-4o`; within it the spans of HTTP are its children. */
export function spanObserver(
  call: ObservedCall,
  common: Attributes,
  captureContent: boolean,
  seconds: () => number,
): CallObserver {
  const span = trace.getTracer(scopeName).startSpan(`chat ${common['gen_ai.request.model']}`, {
    kind: SpanKind.CLIENT,
    attributes: common,
  });
  const recorder = span.isRecording()
    ? new SpanRecorder(span, call, captureContent, seconds)
    : undefined;
  const ambient = trace.setSpan(context.active(), span);
  return {
    within: (work) => context.with(ambient, work),
    ...(recorder && call.stream ? { chunk: (chunk) => recorder.chunk(chunk) } : {}),
    end(outcome) {
      recorder?.end(outcome);
      span.end();
    },
  };
}

class SpanRecorder {
  readonly #span: Span;
  readonly #seconds: () => number;
  readonly #answer: AnswerText | undefined;
  #first = true;

  constructor(span: Span, call: ObservedCall, captureContent: boolean, seconds: () => number) {
    this.#span = span;
    this.#seconds = seconds;
    this.#answer = captureContent ? new AnswerText() : undefined;
    span.setAttributes(requestAttributes(call.request, call.stream));
    if (captureContent) span.setAttributes(inputAttributes(call.request));
  }

  chunk(chunk: Parameters<AnswerText['add']>[0]): void {
    if (this.#first)
      this.#span.setAttribute('gen_ai.response.time_to_first_chunk', this.#seconds());
    this.#first = false;
    this.#answer?.add(chunk);
  }

  end(outcome: CallOutcome): void {
    if (outcome.kind === 'failed') {
      // No message and no exception event: the code says enough, and holds no content.
      this.#span.setAttribute('error.type', errorType(outcome.error));
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    } else if (outcome.kind === 'stopped') {
      this.#span.setAttribute('kortana.stopped', true);
    } else {
      const { told, result } = outcome;
      this.#span.setAttributes(responseAttributes(told));
      if (!this.#answer) return;
      this.#span.setAttributes(
        result ? outputAttributes(result) : this.#answer.attributes(told.finishReason),
      );
    }
  }
}
