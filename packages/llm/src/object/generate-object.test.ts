import { ModelError, ServiceError } from '@kortana/errors';
import { startProvider } from '@kortana/provider';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { ChatModel, ChatRequest, ChatResult } from '../chat-model.ts';
import { openaiModel } from '../openai/openai-model.ts';
import { generateObject } from './generate-object.ts';

/** Answers with one text after the other, and keeps what it was asked. */
function scripted(
  ...answers: (string | Partial<ChatResult>)[]
): ChatModel & { asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  return {
    id: 'm',
    provider: 'test',
    scope: 's',
    asked,
    complete(request) {
      asked.push(request);
      const answer = answers[asked.length - 1] ?? '';
      const usage = { inputTokens: 10, outputTokens: 1, totalTokens: 11 };
      const whole: ChatResult = { content: '', finishReason: 'stop', model: 'm', id: '1', usage };
      return Promise.resolve({
        ...whole,
        ...(typeof answer === 'string' ? { content: answer } : answer),
      });
    },
    stream: () => expect.unreachable(),
  };
}

const messages: ChatRequest['messages'] = [{ role: 'user', content: 'Where?' }];
const schema = z.object({ city: z.string(), people: z.number() });
const good = '{"city":"Oslo","people":700000}';

test('gives a typed value, and asks for exactly that', async () => {
  const model = scripted(good);
  const { value, usage, repaired } = await generateObject(model, {
    messages,
    schema,
    temperature: 0,
  });
  expectTypeOf(value).toEqualTypeOf<{ city: string; people: number }>();
  expect(value).toEqual({ city: 'Oslo', people: 700_000 });
  expect(repaired).toBe(false);
  expect(usage).toEqual({ inputTokens: 10, outputTokens: 1, totalTokens: 11 });
  expect(model.asked).toEqual([
    {
      messages,
      temperature: 0,
      responseFormat: {
        type: 'jsonSchema',
        name: 'answer',
        strict: true,
        schema: {
          type: 'object',
          properties: { city: { type: 'string' }, people: { type: 'number' } },
          required: ['city', 'people'],
          additionalProperties: false,
        },
      },
    },
  ]);
});

test('gives what the schema makes of the answer', async () => {
  const lengths = z.object({ city: z.string().transform((city) => city.length) });
  const { value } = await generateObject(scripted('{"city":"Oslo"}'), {
    messages,
    schema: lengths,
  });
  expectTypeOf(value).toEqualTypeOf<{ city: number }>();
  expect(value).toEqual({ city: 4 });
});

test('shows the model what is wrong, once', async () => {
  const model = scripted('{"city":"Oslo","people":"many"}', good);
  const { value, repaired, usage } = await generateObject(model, { messages, schema });
  expect(value).toEqual({ city: 'Oslo', people: 700_000 });
  expect(repaired).toBe(true);
  expect(usage).toEqual({ inputTokens: 20, outputTokens: 2, totalTokens: 22 });
  expect(model.asked[1]?.messages.slice(1)).toEqual([
    { role: 'assistant', content: '{"city":"Oslo","people":"many"}' },
    {
      role: 'user',
      content: expect.stringMatching(/does not fit[^]*- people: .*number[^]*corrected JSON only/),
    },
  ]);
});

test('gives up after that, naming the fields and not the answer', async () => {
  const model = scripted('{"city":"secret","people":"x"}', '{"people":"secret"}', good);
  const error = await generateObject(model, { messages, schema }).catch(
    (thrown: unknown) => thrown as ModelError,
  );
  expect(ModelError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'INVALID_OUTPUT',
    recoverable: true,
    context: { paths: ['city', 'people'] },
  });
  expect(JSON.stringify(error)).not.toContain('secret');
  expect(model.asked).toHaveLength(2);
});

test('asks only once where no repair is wanted', async () => {
  const model = scripted('no JSON', good);
  await expect(
    generateObject(model, { messages, schema }, { repair: false }),
  ).rejects.toMatchObject({ code: 'INVALID_OUTPUT' });
  expect(model.asked).toHaveLength(1);
});

test.for([
  ['in a code fence', `\`\`\`json\n${good}\n\`\`\``],
  ['in a fence without a name', `\`\`\`\n${good}\n\`\`\``],
  ['with words around it', `Here you are: ${good} Anything else?`],
  ['with blanks around it', `\n ${good}\n`],
] as const)('finds JSON %s', async ([, content]) => {
  const { value } = await generateObject(scripted(content), { messages, schema });
  expect(value.city).toBe('Oslo');
});

test.for([
  ['length', 'OUTPUT_TRUNCATED'],
  ['contentFilter', 'CONTENT_POLICY'],
] as const)('does not repair an answer that ended by %s', async ([finishReason, code]) => {
  const model = scripted({ content: '{"city":', finishReason });
  await expect(generateObject(model, { messages, schema })).rejects.toMatchObject({
    code,
    recoverable: false,
  });
  expect(model.asked).toHaveLength(1);
});

test('asks strictly only where every field is required', async () => {
  const model = scripted('{}');
  await generateObject(model, { messages, schema: z.object({ note: z.string().optional() }) });
  expect(model.asked[0]?.responseFormat).toMatchObject({
    strict: false,
    schema: { additionalProperties: false },
  });
});

test('asks for plain JSON where a schema has no JSON Schema, or takes the one it is given', async () => {
  const dates = z.object({ day: z.coerce.date() });
  const withoutAny = {
    '~standard': {
      version: 1,
      vendor: 'own',
      validate: (value: unknown) => ({ value: value as { a: 1 } }),
    },
  } as const;
  const model = scripted('{"day":"2026-11-25"}', '{"a":1}', '{"a":1}');
  expect((await generateObject(model, { messages, schema: dates })).value.day).toEqual(
    new Date('2026-11-25'),
  );
  expect((await generateObject(model, { messages, schema: withoutAny })).value).toEqual({ a: 1 });
  await generateObject(model, {
    messages,
    schema: withoutAny,
    jsonSchema: { type: 'object' },
    name: 'thing',
  });
  expect(model.asked.map(({ responseFormat }) => responseFormat)).toEqual([
    { type: 'json' },
    { type: 'json' },
    { type: 'jsonSchema', name: 'thing', schema: { type: 'object' }, strict: true },
  ]);
});

test('refuses a schema that is none', async () => {
  await expect(generateObject(scripted(good), { messages, schema: {} as never })).rejects.toThrow(
    TypeError,
  );
});

test('works over the wire, and lets errors of the wire through', async () => {
  await using provider = await startProvider();
  const model = openaiModel({ baseURL: provider.url });
  const { value } = await generateObject(model, { messages, schema });
  expect(value).toEqual({ city: 'text', people: 1 });
  provider.fail('503');
  const failing = generateObject(model, { messages, schema });
  await expect(failing).rejects.toSatisfy((error) => ServiceError.isInstance(error));
});
