import { AsyncRetry, RetryBudget } from '@kortana/async';
import { checkBoolean, checkMethods, checkNumber, checkObject, checkString } from '@kortana/errors';
import { boundModel, type ChatModel, type Price } from '@kortana/llm';
import {
  type BreakerOptions,
  type Clock,
  CircuitBreaker,
  CircuitBreakerRegistry,
  type StateChange,
} from '@kortana/perf';
import type { EngineRetryOptions } from '../chat-engine-options.ts';
import type { Tell } from '../observe/notice.ts';
import type { Lane } from './lane.ts';
import type { ModelChoice, Timeouts } from './model-choice.ts';

export interface LaneParts {
  timeouts: Timeouts;
  breaker: BreakerOptions;
  retry: EngineRetryOptions;
  clock: Clock | undefined;
  random: (() => number) | undefined;
  tell: Tell;
}

/** The models of an engine, each with what is kept for it alone. */
export class Lanes {
  readonly all: readonly Lane[];
  /** For names that only requests bring: bounded. */
  readonly #renamed: CircuitBreakerRegistry;

  constructor(choices: readonly (ChatModel | ModelChoice)[], parts: LaneParts) {
    const breaker = watchedBreaker(parts);
    this.all = choices.map((choice) =>
      toLane(isModel(choice) ? { model: choice } : choice, { ...parts, breaker }),
    );
    this.#renamed = new CircuitBreakerRegistry(breaker);
  }

  /** Whom to ask, in order: the model of that name first; of an unknown name, the first by that name. */
  for(name: string | undefined): readonly Lane[] {
    const [first, ...rest] = this.all as [Lane, ...Lane[]];
    if (name === undefined || name === first.name) return this.all;
    const known = this.all.find((lane) => lane.name === name);
    if (known !== undefined) return [known, ...this.all.filter((lane) => lane !== known)];
    const key = laneKey(first.model, name);
    const breaker = this.#renamed.get(name);
    // What the first one costs says nothing of another.
    return [{ ...first, name, key, renamed: true, breaker, price: undefined }, ...rest];
  }
}

/** A model may have a field `model`, too; a choice can't be asked. */
function isModel(choice: ChatModel | ModelChoice): choice is ChatModel {
  checkObject('model', choice);
  return 'complete' in choice || !('model' in choice);
}

function toLane(choice: ModelChoice, { timeouts, breaker, retry, clock, random }: LaneParts): Lane {
  const { prefill, price, timeouts: own = {} } = choice;
  const model = boundModel(checkModel(choice.model));
  const budget = retry.budget ?? new RetryBudget({ clock });
  return {
    model,
    name: model.id,
    renamed: false,
    key: laneKey(model, model.id),
    provider: model.provider ?? 'unknown',
    scope: model.scope ?? '',
    prefill: prefill === undefined ? undefined : checkPrefill(prefill),
    price: price === undefined ? undefined : checkPrice(price),
    limits: readLimits({ ...timeouts, ...given(checkObject('timeouts', own)) }),
    breaker: new CircuitBreaker({ ...breaker, name: model.id }),
    retry: new AsyncRetry({ clock, random, retryOn: () => true, ...given(retry), budget }),
    budget,
  };
}

function checkModel(model: ChatModel): ChatModel {
  checkNames(checkMethods('model', model, ['complete', 'stream']));
  return model;
}

/** The model's own is needed; one of the user's that leaves out the rest is told apart by that. */
function checkNames({ id, provider = '', scope = '' }: Partial<ChatModel>): void {
  for (const [name, value] of Object.entries({ id, provider, scope })) {
    checkString(`model.${name}`, value);
  }
}

function checkPrefill(prefill: NonNullable<ModelChoice['prefill']>): ModelChoice['prefill'] {
  if (typeof prefill === 'object')
    checkObject('prefill.extra', checkObject('prefill', prefill).extra);
  else checkBoolean('prefill', prefill);
  return prefill;
}

function checkPrice(price: Price): Price {
  checkNumber('price.input', checkObject('price', price).input, { min: 0 });
  checkNumber('price.output', price.output, { min: 0 });
  return price;
}

/** The user's options, and our own ear at the changes of state. */
function watchedBreaker({ breaker, clock, tell }: LaneParts): BreakerOptions {
  const { onStateChange } = breaker;
  return {
    clock,
    ...given(breaker),
    onStateChange: (change: StateChange) => {
      const { name: model, from, to, reason } = change;
      tell({ type: 'breaker', model, from, to, reason });
      return onStateChange?.(change);
    },
  };
}

const laneKey = (model: ChatModel, name: string): string =>
  JSON.stringify([model.provider, model.scope, name]);

function readLimits({
  attemptMs = 30_000,
  firstTokenMs = 10_000,
  idleMs = 20_000,
}: Timeouts): Lane['limits'] {
  return {
    attemptMs: checkLimit('attemptMs', attemptMs),
    firstTokenMs: checkLimit('firstTokenMs', firstTokenMs),
    idleMs: checkLimit('idleMs', idleMs),
  };
}

export const checkLimit = (name: string, value: number): number =>
  checkNumber(name, value, { above: 0, infinite: true });

/** An explicit undefined must not stand before a default. */
function given<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
