import { handleError } from '@kortana/errors';
import type { MemoryEvent } from '../memory-event.ts';
import type { Settings } from '../memory-options.ts';
import { Gate } from './gate.ts';

/** What can be down by itself. */
export interface Gates {
  /** Up while the window answers; while it is down nothing else is asked either. */
  store: Gate;
  facts: Gate;
  search: Gate;
  vectors: Gate;
}

export function makeGates(
  { store, embeddings }: Settings,
  tell: (event: MemoryEvent) => void,
  onStoreUp: () => void,
): Gates {
  const gate = (what: keyof Gates, probe: (signal: AbortSignal) => Promise<unknown>) =>
    new Gate({
      probe,
      onDown: (error) => tell({ type: 'down', what, message: handleError(error)[1] }),
      onUp: () => {
        tell({ type: 'up', what });
        if (what === 'store') onStoreUp();
      },
    });
  return {
    // Not by a ping: that isn't well either where only writing fails.
    store: gate('store', () =>
      store.window({ sessionId: 'kortana' }, { maxTokens: 1, maxMessages: 1 }),
    ),
    facts: gate('facts', () => store.facts.list({ userId: 'kortana', limit: 1 })),
    search: gate('search', (signal) => store.search({}, { terms: ['kortana'], k: 1 }, signal)),
    vectors: gate('vectors', async (signal) => embeddings?.embed(['kortana'], signal)),
  };
}
