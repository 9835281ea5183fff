import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import { KortanaError, ModelError, ServiceError, TimeoutError } from '@kortana/errors';
import type { ChatModel, ChatRequest, StreamOptions } from '../chat-model.ts';
import { type Expected, type ExpectedError, type FaultRow, faultTable } from './fault-table.ts';
import type { ModelSubject } from './model-contract.ts';
import { read, textOf } from './read.ts';

const secret = 'a secret of the user, Ünïcödé';
const question: ChatRequest = { messages: [{ role: 'user', content: `${secret} [[think: hm]]` }] };

const patience: StreamOptions = {
  timeoutMs: 20_000,
  firstTokenTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
};

type Asking = (model: ChatModel, limits: StreamOptions) => Promise<{ text: string; rest: unknown }>;

const ways: Record<'complete' | 'stream', Asking> = {
  complete: async (model, { timeoutMs }) => {
    const { content, reasoning, finishReason, usage } = await model.complete(question, {
      timeoutMs,
    });
    return { text: content, rest: { reasoning, finishReason, usage } };
  },
  stream: async (model, limits) => {
    const chunks = await read(model.stream(question, limits));
    const rest = chunks.filter((chunk) => chunk.type !== 'text' && chunk.type !== 'finish');
    const finishReason = chunks.findLast((chunk) => chunk.type === 'finish')?.finishReason;
    return { text: textOf(chunks), rest: { rest, finishReason } };
  },
};

const kinds = { ServiceError, ModelError, TimeoutError };

function checkError(error: unknown, expected: ExpectedError): void {
  const { kind, ...fields } = expected;
  if (!kinds[kind].isInstance(error) || !KortanaError.isInstance(error)) {
    return fail(`Expected a ${kind}, got ${String(error)}`);
  }
  for (const [name, value] of Object.entries(fields)) {
    equal(Reflect.get(error, name), value, `${name} of ${error.toString()}`);
  }
  if (!('retryAfterMs' in fields)) equal(error.retryAfterMs, undefined);
  ok(!`${error.stack}${JSON.stringify(error)}`.includes(secret), 'no content in an error');
}

async function checkFault(subject: ModelSubject, row: FaultRow, ask: Asking, expected: Expected) {
  if (!subject.fail) return;
  const untroubled = await ask(subject.model, patience);
  await subject.fail(row.fault);
  const outcome = await ask(subject.model, { ...patience, ...row.limits }).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if (expected === 'unharmed') deepEqual(outcome, { answer: untroubled });
  else if ('error' in outcome) checkError(outcome.error, expected);
  else fail(`Expected an error, got the answer “${outcome.answer.text}”`);
  await subject.fail(undefined);
  const next = await ask(subject.model, patience);
  deepEqual(next, untroubled, 'the next call is as good as the first');
}

const describe = (expected: Expected): string =>
  expected === 'unharmed'
    ? 'is passed through unharmed'
    : [
        'is a',
        expected.recoverable ? '' : 'lasting',
        expected.kind,
        expected.code,
        expected.operation,
      ]
        .filter(Boolean)
        .join(' ');

/** A case for each fault and each way to ask; all pass for a model without a far side. */
export const faultCases: Record<string, (subject: ModelSubject) => Promise<void>> =
  Object.fromEntries(
    faultTable.flatMap((row) =>
      (['complete', 'stream'] as const).flatMap((way) => {
        const expected = row[way];
        if (!expected) return [];
        const check = (subject: ModelSubject) => checkFault(subject, row, ways[way], expected);
        return [[`${way}: ${row.fault} ${describe(expected)}`, check] as const];
      }),
    ),
  );
