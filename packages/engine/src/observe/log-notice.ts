import type { Logger } from '@logtape/logtape';
import type { EngineNotice } from './notice.ts';

/** A line for what an operator wants to know; nothing in it is from a prompt, an answer or a key. */
export function logNotice(logger: Logger, notice: EngineNotice): void {
  switch (notice.type) {
    case 'breaker':
      return logger.warn('The breaker of {model} is {to} (was {from}: {reason})', { ...notice });
    case 'failover':
      return logger.info('{to} is asked in place of {from} ({code})', { ...notice });
    case 'recovery':
      return logger.info('A broken answer is recovered ({how})', { ...notice });
    case 'memory':
      return logger.warn('A turn is {outcome}: the memory does not keep up', { ...notice });
    case 'retry':
      return logger.debug('{model} is asked again in {delayMs} ms ({code})', { ...notice });
    case 'aborted':
      return logger.debug('{operation} was aborted', { ...notice });
    case 'reply':
      return logger.debug('{operation}: {source} answer of {model} in {totalMs} ms', () =>
        inShort(notice),
      );
    case 'failure': {
      const { operation, requestId, code, attempts, totalMs } = notice;
      const properties = { operation, requestId, code, attempts: attempts.length, totalMs };
      logger.warn('{operation} failed with {code} after {attempts} calls', properties);
    }
  }
}

function inShort({
  operation,
  receipt,
}: Extract<EngineNotice, { type: 'reply' }>): Record<string, unknown> {
  const { requestId, source, model, attempts, timings, degraded } = receipt;
  const { totalMs } = timings;
  return {
    operation,
    requestId,
    source,
    model,
    attempts: attempts.length,
    totalMs,
    degraded: degraded.map(({ part }) => part),
  };
}
