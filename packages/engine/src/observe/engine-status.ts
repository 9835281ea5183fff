import type { CircuitState } from '@kortana/perf';
import type { Lane } from '../models/lane.ts';
import type { Bulkhead } from '../pipeline/bulkhead.ts';
import type { Door } from './door.ts';

export interface ModelStatus {
  model: string;
  provider: string;
  /** Of its breaker. */
  state: CircuitState;
  failureCount: number;
  /** When it is tried again, in milliseconds; 0 unless its breaker is open. */
  retryAfterMs: number;
}

export interface EngineStatus {
  /** `'degraded'`: it answers, but not as well as it could. `'down'`: no model can be asked now. */
  health: 'ok' | 'degraded' | 'down' | 'closed';
  /** The same for people, with the reason. */
  words: string;
  /** In the order in which they are asked. */
  models: ModelStatus[];
  /** Requests that are being answered. */
  inFlight: number;
  /** Of these, such that wait for a place. */
  queued: number;
}

/** What cannot be seen at a model's breaker, but is missing now. */
export interface StatusParts {
  lanes: readonly Lane[];
  door: Door;
  bulkhead: Bulkhead;
  memory: string | undefined;
  cache: string | undefined;
}

export function statusOf({ lanes, door, bulkhead, memory, cache }: StatusParts): EngineStatus {
  const models = lanes.map(({ name, provider, breaker }) => ({
    model: name,
    provider,
    state: breaker.state,
    failureCount: breaker.failureCount,
    retryAfterMs: Math.ceil(breaker.retryAfterMs),
  }));
  const open = models.filter(({ state }) => state === 'open');
  const troubles = [
    ...models.filter(({ state }) => state !== 'closed').map(inWords),
    ...[memory, cache].filter((words) => words !== undefined),
    ...(bulkhead.queued > 0 ? [`${bulkhead.queued} requests wait for a place`] : []),
  ];
  const health = door.isClosed
    ? 'closed'
    : open.length === models.length
      ? 'down'
      : troubles.length > 0
        ? 'degraded'
        : 'ok';
  return {
    health,
    words:
      health === 'closed'
        ? 'Shut down.'
        : `${headlines[health]}${troubles.map((t) => ` ${t}.`).join('')}`,
    models,
    inFlight: door.inside,
    queued: bulkhead.queued,
  };
}

const headlines = {
  ok: 'All is well.',
  degraded: 'Answering, with less than usual.',
  down: 'No model can be asked now.',
};

function inWords({ model, state, retryAfterMs }: ModelStatus): string {
  if (state === 'half_open') return `${model} is being tried again`;
  if (retryAfterMs === 0) return `${model} is taken out`;
  return `${model} has failed too often and is not asked; next try in ${Math.ceil(retryAfterMs / 1000)} s`;
}
