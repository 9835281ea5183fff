import { getLogger } from '@logtape/logtape';
import { errorType } from './attributes.ts';
import type { CallObserver, ObservedCall } from './observe-model.ts';

/** Silent until the application configures LogTape for `kortana`. */
const logger = getLogger(['kortana', 'llm']);

/** For what an application's own telemetry does wrong. */
export const logObserverError = (error: unknown): void =>
  logger.warn('Telemetry failed: {error}', { error });

/** One line for each call, at its end; no content, no key, no address. */
export function logObserver(
  { model, request, stream }: ObservedCall,
  seconds: () => number,
): CallObserver {
  const asked = { model: request.model ?? model.id, provider: model.provider, stream };
  return {
    end(outcome) {
      const durationMs = Math.round(seconds() * 1000);
      if (outcome.kind === 'whole') {
        const { finishReason, usage, id } = outcome.told;
        logger.debug('{model} answered in {durationMs} ms', {
          ...asked,
          durationMs,
          finishReason,
          ...usage,
          id,
        });
      } else if (outcome.kind === 'failed') {
        const error = errorType(outcome.error);
        logger.warn('{model} failed after {durationMs} ms: {error}', {
          ...asked,
          durationMs,
          error,
        });
      } else {
        logger.debug('{model} was stopped after {durationMs} ms', { ...asked, durationMs });
      }
    },
  };
}
