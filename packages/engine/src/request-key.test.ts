import type { ChatRequest } from '@kortana/llm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scriptedModel } from '../test/scripted-model.ts';
import type { Lane } from './models/lane.ts';
import { Lanes } from './models/lanes.ts';
import { requestFields, requestKey } from './request-key.ts';

const laneOf = (options: Parameters<typeof scriptedModel>[1] = {}): Lane =>
  new Lanes([scriptedModel('x', options)], {
    timeouts: {},
    breaker: {},
    retry: {},
    clock: undefined,
    random: undefined,
    tell: () => {},
  }).all[0]!;

const lane = laneOf();
const keyOf = (request: ChatRequest, tenant = '') => requestKey({ request, tenant }, lane);

/** A request with every field, and each field with another value. */
const full: Required<ChatRequest> = {
  messages: [{ role: 'user', content: 'hi' }],
  model: 'gpt',
  temperature: 0.5,
  maxTokens: 10,
  tools: [{ name: 'add', parameters: { type: 'object' } }],
  toolChoice: 'auto',
  responseFormat: { type: 'json' },
  stop: ['.'],
  seed: 1,
  extra: { top_p: 0.5 },
};
const other: Required<ChatRequest> = {
  messages: [{ role: 'user', content: 'ho' }],
  model: 'gpu',
  temperature: 0.6,
  maxTokens: 11,
  tools: [{ name: 'add', parameters: { type: 'string' } }],
  toolChoice: { name: 'add' },
  responseFormat: { type: 'text' },
  stop: ['!'],
  seed: 2,
  extra: { top_p: 0.6 },
};

describe('the key', () => {
  test.for(Object.entries(requestFields))('says of %s that it is %s', ([name, meaning]) => {
    const field = name as keyof ChatRequest;
    const changed = keyOf({ ...full, [field]: other[field] });
    const { [field]: _, ...without } = full;
    const removed = keyOf(without as ChatRequest);
    const isNeutral = meaning === 'neutral';
    expect([changed, removed].map((key) => key === keyOf(full))).toEqual([isNeutral, isNeutral]);
  });

  test('takes a field that nobody thought of as one that counts', () => {
    expect(keyOf({ ...full, prediction: 'x' } as ChatRequest)).not.toBe(keyOf(full));
  });

  test('counts everything within extra, too', () => {
    const one = keyOf({ ...full, extra: { parallel_tool_calls: true } });
    expect(keyOf({ ...full, extra: { parallel_tool_calls: false } })).not.toBe(one);
  });

  test('does not mind the order of fields, nor fields that are undefined', () => {
    const shuffled = Object.fromEntries(
      Object.entries(full).toReversed(),
    ) as unknown as ChatRequest;
    expect(keyOf(shuffled)).toBe(keyOf(full));
    const { seed: _, ...without } = full;
    expect(keyOf({ ...full, seed: undefined })).toBe(keyOf(without));
  });

  test('minds the order of messages', () => {
    const messages = [...full.messages, { role: 'user' as const, content: 'ho' }];
    const reversed = messages.toReversed();
    expect(keyOf({ ...full, messages })).not.toBe(keyOf({ ...full, messages: reversed }));
  });

  test('is another one for another user, model, provider or credentials', () => {
    const lanes = [{}, { id: 'b' }, { provider: 'b' }, { scope: 'b' }].map(laneOf);
    const keys = lanes.map((one) => requestKey({ request: full, tenant: '' }, one));
    expect(new Set([...keys, keyOf(full, 'user')]).size).toBe(5);
  });

  test('is a SHA-256: it shows nothing of what was asked', () => {
    expect(keyOf(full)).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('two requests have one key only if they are the same on the wire', () => {
  const requests = fc.record({
    messages: fc.constant(full.messages),
    extra: fc.dictionary(fc.string(), fc.jsonValue()),
  });
  const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(requests, requests, (one, two) => {
      const same = isSame(wire(one), wire(two));
      expect(keyOf(one as ChatRequest) === keyOf(two as ChatRequest)).toBe(same);
    }),
  );
});

test('no text in one field can look like another field', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      const one = keyOf({ messages: [{ role: 'user', content: a + b }], stop: [] });
      const two = keyOf({ messages: [{ role: 'user', content: a }], stop: [b] });
      expect(one).not.toBe(two);
    }),
  );
});

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, two] = [Object.entries(a), Object.entries(b)];
  return (
    one.length === two.length &&
    one.every(([name, value]) => Object.hasOwn(b, name) && isSame(value, Reflect.get(b, name)))
  );
}
