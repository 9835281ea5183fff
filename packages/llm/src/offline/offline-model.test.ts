import { expect, test, vi } from 'vitest';
import type { ChatChunk, ChatMessage } from '../chat-model.ts';
import { offlineModel } from './offline-model.ts';

const ask = async (...texts: string[]) => {
  const messages = texts.map((content): ChatMessage => ({ role: 'user', content }));
  return (await offlineModel().complete({ messages })).content;
};

test('computes sums, with the usual precedence', async () => {
  expect(await ask('What is 2+2?')).toBe('2+2 = 4');
  expect(await ask('and (1 + 2) * 3 - 4 / 2?')).toBe('(1 + 2) * 3 - 4 / 2 = 7');
  expect(await ask('2^3^2')).toBe('2^3^2 = 512');
  expect(await ask('0.1 + 0.2')).toBe('0.1 + 0.2 = 0.3');
  expect(await ask('7 × -6')).toBe('7 * -6 = -42');
});

test('takes no date and no phone number for a sum, nor one that it cannot solve', async () => {
  expect(await ask('Meet me on 2026-11-25')).toContain('You said');
  expect(await ask('on 1/2/2026')).toContain('You said');
  expect(await ask('call 555-123-4567')).toContain('You said');
  expect(await ask('On 2026-11-25: 3 - 2 - 1?')).toBe('3 - 2 - 1 = 0');
  expect(await ask('what is 1/0')).toContain('You said');
  expect(await ask('1 + ')).toContain('You said');
});

test.for([
  ['What did I say first?', 'You said first: “I have a cat”'],
  ['what did I just say', 'You said last: “It is grey”'],
  ['What was my first question?', 'You said first: “I have a cat”'],
  ['What have I told you?', 'You said before: “I have a cat”, “It is grey”'],
  ['Do you remember what I said?', 'I remember: “I have a cat”, “It is grey”'],
] as const)('quotes what was said earlier: %s', async ([question, answer]) => {
  expect(await ask('I have a cat', 'It is grey', question)).toBe(answer);
});

test('cuts a long quote between characters as a reader sees them', async () => {
  expect(await ask(`${'a'.repeat(199)}😀 tail`)).toContain(`“${'a'.repeat(199)}…”`);
  expect(await ask(`${'a'.repeat(195)}👨‍👩‍👧‍👦 tail`)).toContain(`“${'a'.repeat(195)}…”`);
});

test(
  'looks through a question of any length in no time worth telling',
  { timeout: 2000 },
  async () => {
    // Each of these kept a pattern busy for seconds.
    for (const words of ['know ', 'did you ', 'what ', 'my name ']) {
      expect(await ask(words.repeat(20_000))).toContain('You said');
    }
  },
);

test.for([undefined, null, 5, {}, { messages: 5 }, { messages: [null] }])(
  'refuses a request that is none (%j)',
  async (request) => {
    await expect(offlineModel().complete(request as never)).rejects.toThrow(/^Expected `/);
    await expect(offlineModel().complete(request as never)).rejects.toThrow(TypeError);
  },
);

test('quotes its own answers', async () => {
  const messages: ChatMessage[] = [
    { role: 'user', content: '1+1' },
    { role: 'assistant', content: '1+1 = 2' },
    { role: 'user', content: 'What did you say?' },
  ];
  expect((await offlineModel().complete({ messages })).content).toBe('I said before: “1+1 = 2”');
});

test('knows the newest name that it was told, also from what a memory has noted', async () => {
  expect(await ask('My name is Ada.', 'No: call me Grace', 'What is my name?')).toBe(
    'Your name is Grace: you told me.',
  );
  const messages: ChatMessage[] = [
    {
      role: 'system',
      content: 'Recalled from earlier conversations:\n- 2026-11-01: My name is Ada\n- I like tea',
    },
    { role: 'user', content: 'Who am I?' },
  ];
  expect((await offlineModel().complete({ messages })).content).toBe(
    'Your name is Ada: you told me.',
  );
  messages[1] = { role: 'user', content: 'What do you know about me?' };
  expect((await offlineModel().complete({ messages })).content).toBe(
    'I remember: “2026-11-01: My name is Ada”, “I like tea”',
  );
});

test('does not make up a past', async () => {
  expect(await ask('What did I say first?')).toContain('Nothing yet');
  expect(await ask('What is my name?')).toContain('not told me your name');
  expect(await ask('What do you remember about me?')).toContain('Nothing yet');
});

test('takes a statement for a statement', async () => {
  expect(await ask('My name is Ada')).toContain('You said “My name is Ada”');
  expect(await ask('I was first in line yesterday')).toContain('You said “I was first');
});

test('says that it is not a language model', async () => {
  expect(await ask('Explain gravity')).toContain('not a language model');
  expect(await ask('hello')).toContain('not a language model');
});

test('gives the same answer to the same request, streamed or not', async () => {
  const request = { messages: [{ role: 'user', content: 'Tell me of the sea' } as const] };
  const chunks: ChatChunk[] = [];
  for await (const chunk of offlineModel().stream(request)) chunks.push(chunk);
  const whole = await offlineModel().complete(request);
  expect(chunks.map((chunk) => (chunk.type === 'text' ? chunk.text : '')).join('')).toBe(
    whole.content,
  );
  expect(chunks.at(-1)).toEqual({
    type: 'finish',
    finishReason: 'stop',
    model: whole.model,
    id: whole.id,
  });
  expect(whole.usage?.outputTokens).toBe(chunks.length - 2);
});

test('cuts at maxTokens and says so', async () => {
  const request = { messages: [{ role: 'user', content: 'hi' } as const], maxTokens: 2 };
  const { content, finishReason, usage } = await offlineModel().complete(request);
  expect(content).toBe('Hello! I ');
  expect(finishReason).toBe('length');
  expect(usage?.outputTokens).toBe(2);
});

test('speaks at the pace it was given', async () => {
  vi.useFakeTimers();
  try {
    const stream = offlineModel({ tokensPerSecond: 10 }).stream({
      messages: [{ role: 'user', content: '1+1' }],
    });
    const chunks: ChatChunk[] = [];
    const reading = (async () => {
      for await (const chunk of stream) chunks.push(chunk);
    })();
    await vi.advanceTimersByTimeAsync(99);
    expect(chunks).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(chunks).toEqual([{ type: 'text', text: '1+1 ' }]);
    await vi.advanceTimersByTimeAsync(200);
    await reading;
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('keeps a pace that is finer than a timer', async () => {
  vi.useFakeTimers();
  try {
    const model = offlineModel({ tokensPerSecond: 4000 });
    const messages: ChatMessage[] = [{ role: 'user', content: 'so it goes '.repeat(18) }];
    const { usage } = await offlineModel().complete({ messages });
    const answering = model.complete({ messages });
    let done = false;
    void answering.then(() => (done = true));
    const wholeMs = Math.floor(usage!.outputTokens / 4);
    await vi.advanceTimersByTimeAsync(wholeMs - 2);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(done).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('refuses a pace or a seed that is none', () => {
  expect(() => offlineModel({ tokensPerSecond: 0 })).toThrow(RangeError);
  expect(() => offlineModel({ seed: -1 })).toThrow(RangeError);
  expect(() => offlineModel({ seed: 'x' as never })).toThrow(TypeError);
});
