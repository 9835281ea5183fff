import { deepEqual, rejects } from 'node:assert/strict';
import type { ChatModel, ChatRequest } from '../chat-model.ts';
import type { ModelSubject } from './model-contract.ts';
import { read } from './read.ts';

const request: ChatRequest = { messages: [{ role: 'user', content: 'one two three four' }] };

/** Where a call can be when it is no longer wanted. */
const places: Record<string, string> = {
  'before the head': 'hang',
  'between the head and the first token': 'hang-after-head',
  'in the middle of the answer': 'stall',
};

const aborting: Record<string, (model: ChatModel, signal: AbortSignal) => Promise<unknown>> = {
  complete: (model, signal) => model.complete(request, { signal }),
  stream: (model, signal) => read(model.stream(request, { signal })),
};

/** Until the far side has the call: an abort before that has nobody to reach. */
async function underWay(calls: () => number): Promise<void> {
  while (calls() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}

const abortCase =
  (ask: (model: ChatModel, signal: AbortSignal) => Promise<unknown>, fault: string) =>
  async ({ model, fail, hungUp, calls }: ModelSubject): Promise<void> => {
    if (!fail || !hungUp || !calls) return;
    await fail(fault);
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen = hungUp();
    const rejected = rejects(ask(model, controller.signal), (error) => error === reason);
    await underWay(calls);
    controller.abort(reason);
    await rejected;
    await seen;
  };

const leaveCase =
  (fault: string, chunks: number) =>
  async ({ model, fail, hungUp, calls }: ModelSubject): Promise<void> => {
    if (!fail || !hungUp || !calls) return;
    await fail(fault);
    const seen = hungUp();
    const iterator = model.stream(request)[Symbol.asyncIterator]();
    for (let count = 0; count < chunks; count += 1) await iterator.next();
    const pending = iterator.next();
    await underWay(calls);
    await iterator.return?.();
    deepEqual(await pending, { done: true, value: undefined });
    await seen;
  };

/** Whoever wants no answer any more must not have it made: the far side sees him leave. */
export const abortCases: Record<string, (subject: ModelSubject) => Promise<void>> = {
  ...Object.fromEntries(
    Object.entries(aborting).flatMap(([way, ask]) =>
      Object.entries(places).map(([place, fault]) => [
        `${way}: an abort ${place} reaches the far side`,
        abortCase(ask, fault),
      ]),
    ),
  ),
  'stream: a reader who leaves while he waits is seen to leave': leaveCase('stall', 2),
  'stream: a reader who leaves before the first token is seen to leave': leaveCase(
    'hang-after-head',
    0,
  ),
};
