import {
  checkFunction,
  checkInteger,
  checkMethods,
  checkNumber,
  checkObject,
} from '@kortana/errors';
import { defaultPrices, type PriceTable } from '@kortana/llm';
import { MetricsCollector, systemClock } from '@kortana/perf';
import { getLogger } from '@logtape/logtape';
import type { ChatEngineOptions } from './chat-engine-options.ts';
import { checkLimit } from './models/lanes.ts';
import { modelFromEnvironment } from './models/model-from-environment.ts';
import { readPersona } from './persona/personas.ts';
import { checkTools } from './tools/tool.ts';

export type EngineSettings = ReturnType<typeof readEngineOptions>;

/** Checks and fills the options of an engine. */
export function readEngineOptions(options: ChatEngineOptions) {
  checkObject('options', options);
  const { model = modelFromEnvironment(), cache = {}, retry = {}, timeouts = {}, clock } = options;
  const models = [model].flat();
  if (models.length === 0)
    throw new RangeError('Expected `model` to hold at least one model, got 0');
  if (options.memory !== undefined && options.memory !== false) {
    checkMethods('memory', options.memory, ['recall', 'record', 'flush']);
  }
  return {
    models,
    memory: options.memory,
    persona: readPersona(options.persona),
    cache: cache === false ? undefined : checkObject('cache', cache),
    circuitBreaker: checkObject('circuitBreaker', options.circuitBreaker ?? {}),
    retry: checkObject('retry', retry),
    maxRetryAfterMs: checkNumber('maxRetryAfterMs', retry.maxRetryAfterMs ?? 10_000, {
      min: 0,
      infinite: true,
    }),
    timeouts: checkObject('timeouts', timeouts),
    totalMs: checkLimit('totalMs', timeouts.totalMs ?? 120_000),
    tools: checkTools(options.tools ?? []),
    maxToolRounds: checkInteger('maxToolRounds', options.maxToolRounds ?? 8, { min: 1 }),
    maxConcurrent: checkInteger('maxConcurrent', options.maxConcurrent ?? 10_000, { min: 1 }),
    maxQueue: checkInteger('maxQueue', options.maxQueue ?? 1000, { min: 0 }),
    maxCalls: checkInteger('maxCalls', options.maxCalls ?? 5 + models.length, { min: 1 }),
    hedgeAfterMs:
      options.hedgeAfterMs === undefined
        ? undefined
        : checkNumber('hedgeAfterMs', options.hedgeAfterMs, { min: 0 }),
    maxMessageLength: checkInteger('maxMessageLength', options.maxMessageLength ?? 100_000, {
      min: 1,
    }),
    metrics:
      options.metrics === undefined
        ? new MetricsCollector({ clock })
        : checkMethods('metrics', options.metrics, ['record', 'increment', 'getSummary']),
    prices: checkPrices(options.prices ?? defaultPrices),
    logger: checkMethods('logger', options.logger ?? getLogger(['kortana', 'engine']), [
      'debug',
      'info',
      'warn',
    ]),
    givenClock: clock,
    clock: clock === undefined ? systemClock : checkMethods('clock', clock, ['now']),
    random: options.random === undefined ? undefined : checkFunction('random', options.random),
  };
}

function checkPrices(table: PriceTable): PriceTable {
  checkObject('prices.prices', checkObject('prices', table).prices);
  return table;
}
