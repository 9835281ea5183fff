import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { ChatChunk, ChatModel, ChatRequest } from '../chat-model.ts';
import { abortCases } from './abort-cases.ts';
import { faultCases } from './fault-cases.ts';
import { read, textOf } from './read.ts';

/** A model under test, and what can be done to its far side. */
export interface ModelSubject {
  model: ChatModel;
  /**
   * Has every further call meet this fault (a directive of `@kortana/provider`), `undefined` ends
   * it. Leave it out for a model without a far side.
   */
  fail?(fault: string | undefined): void | Promise<void>;
  /** The far side's next sight of a caller who hung up. */
  hungUp?(): Promise<unknown>;
  /** How many calls the far side got. */
  calls?(): number;
  close?(): Promise<void>;
}

export type SubjectFactory = () => ModelSubject | Promise<ModelSubject>;

/** One rule, tied to no test runner: `for (const { name, run } of modelContract(…)) test(name, run)`. */
export interface ContractCase {
  name: string;
  run(): Promise<void>;
}

const question: ChatRequest = { messages: [{ role: 'user', content: 'What is 2+2? Ünïcödé' }] };

const rules: Record<string, (subject: ModelSubject) => Promise<void>> = {
  'answers in full': async ({ model }) => {
    const result = await model.complete(question);
    ok(result.content.length > 0);
    equal(result.finishReason, 'stop');
    ok(result.model.length > 0);
  },

  'streams the same answer, and ends with one finish chunk': async ({ model }) => {
    const chunks = await read(model.stream(question));
    const whole = await model.complete(question);
    equal(textOf(chunks), whole.content);
    deepEqual(
      chunks.filter((chunk) => chunk.type === 'finish'),
      [chunks.at(-1)],
    );
    const finish = chunks.at(-1) as ChatChunk & { type: 'finish' };
    equal(finish.finishReason, whole.finishReason);
    equal(finish.model, whole.model);
  },

  'counts the same usage, streamed or not': async ({ model }) => {
    const chunks = await read(model.stream(question));
    const { usage } = await model.complete(question);
    deepEqual(chunks.find((chunk) => chunk.type === 'usage')?.usage, usage);
  },

  'has a scope that is a hash, and stays': ({ model }) => {
    match(model.scope, /^[\w-]{16,}$/);
    equal(model.scope, model.scope);
    return Promise.resolve();
  },

  'leaves the request as it was': async ({ model }) => {
    const request = structuredClone(question);
    await model.complete(request);
    await read(model.stream(request));
    deepEqual(request, question);
  },

  'asks nothing when the signal is aborted already': async ({ model, calls }) => {
    const reason = new Error('never mind');
    const signal = AbortSignal.abort(reason);
    await rejects(model.complete(question, { signal }), (error) => error === reason);
    await rejects(read(model.stream(question, { signal })), (error) => error === reason);
    equal(calls?.() ?? 0, 0);
  },

  'asks nothing before its stream is read': async ({ model, calls }) => {
    model.stream(question);
    await new Promise(setImmediate);
    equal(calls?.() ?? 0, 0);
  },

  'lets a reader leave early': async ({ model }) => {
    for await (const chunk of model.stream(question)) {
      ok(chunk.type);
      break;
    }
  },

  'rejects with the reason of an abort in mid-stream': async ({ model }) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const reading = async () => {
      for await (const chunk of model.stream(question, { signal: controller.signal })) {
        ok(chunk.type);
        controller.abort(reason);
      }
    };
    await rejects(reading(), (error) => error === reason);
  },

  'refuses limits that are none': async ({ model }) => {
    await rejects(model.complete(question, { timeoutMs: 0 }), RangeError);
    await rejects(model.complete(question, { timeoutMs: '5' as never }), TypeError);
    await rejects(read(model.stream(question, { idleTimeoutMs: Number.NaN })), RangeError);
  },
};

/**
 * What every `ChatModel` must keep: the port's rules, and for each fault of the far side the right
 * error or an unharmed answer. `create` is called for each case.
 */
export function modelContract(create: SubjectFactory): ContractCase[] {
  const cases = Object.entries({ ...rules, ...abortCases, ...faultCases });
  return cases.map(([name, check]) => ({
    name,
    async run() {
      const subject = await create();
      try {
        await check(subject);
      } finally {
        await subject.close?.();
      }
    },
  }));
}
