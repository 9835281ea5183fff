import { TimeoutError } from '@kortana/errors';
import type { ChatRequest, ChatResult } from '@kortana/llm';
import type { Clock } from '@kortana/perf';
import { Draft } from '../answer/draft.ts';
import { readResult } from '../answer/read-result.ts';
import { replay } from '../answer/replay.ts';
import { untilFirst } from '../answer/until-first.ts';
import type { Observer } from '../observe/observer.ts';
import type { Call, Next } from './call.ts';
import { codeOf, knownError } from './known-error.ts';

export interface AskParts {
  readonly clock: Clock;
  readonly observer: Observer;
}

/** The innermost: one call of one model, within its time, noted in the journal. */
export function ask({ clock, observer }: AskParts): Next {
  return async (call) => {
    const { lane, journal, effort, output } = call;
    const sent = output.pieces;
    const startedAt = clock.now();
    effort.asking(lane);
    const ended = journal.attempting(lane);
    try {
      const result = await (call.streamed ? stream(call) : complete(call));
      const ms = clock.now() - startedAt;
      ended('ok', ms);
      observer.record('llm_call', ms, true);
      const source = lane.key === journal.primary.key ? 'live' : 'fallback';
      return { result, provider: lane.provider, source, lane };
    } catch (error) {
      const ms = clock.now() - startedAt;
      // The engine's own limits abort the call, too: with their TimeoutError.
      if (call.signal?.aborted && !TimeoutError.isInstance(error)) {
        ended('aborted', ms);
      } else {
        const isLate = TimeoutError.isInstance(knownError(error));
        if (isLate) (output.pieces > sent ? effort.stalled : effort.silent).add(lane);
        ended(isLate ? 'timeout' : 'error', ms, codeOf(error));
        observer.record('llm_call', ms, false);
      }
      throw error;
    }
  };
}

async function complete(call: Call): Promise<ChatResult> {
  const { lane, output, claim, signal } = call;
  const timeoutMs = lane.limits.attemptMs;
  const given = await lane.model.complete(requestFor(call), { signal, timeoutMs });
  const result = readResult(given, lane.name);
  claim?.();
  await replay(result, output);
  return result;
}

async function stream(call: Call): Promise<ChatResult> {
  const draft = new Draft(call.output, call);
  try {
    for await (const chunk of untilFirst(requestFor(call), call)) {
      const slow = draft.write(chunk);
      if (slow !== undefined) await slow;
    }
  } catch (error) {
    // What breaks after the finish breaks no answer.
    if (!draft.isFinished) throw error;
  }
  return draft.result(call.lane.name);
}

function requestFor({ request, lane, continues, output }: Call): ChatRequest {
  const named = lane.renamed ? { ...request, model: lane.name } : request;
  if (continues !== true) return named;
  const extra = typeof lane.prefill === 'object' ? lane.prefill.extra : undefined;
  return {
    ...named,
    messages: [...request.messages, { role: 'assistant', content: output.text }],
    ...(extra !== undefined && { extra: { ...request.extra, ...extra } }),
  };
}
