import type { Scenario, Work } from '../harness/scenario.ts';
import { startProviderProcess } from './provider.ts';

const messages = [{ role: 'user' as const, content: '[[words: 20]]' }];
const limits = { timeoutMs: 30_000, firstTokenTimeoutMs: 10_000, idleTimeoutMs: 20_000 };
const apiKey = 'test-key';

type Fetch = typeof globalThis.fetch;

/** Answers with twenty events, each a chunk of its own, from memory. */
function fetchFromMemory(): Fetch {
  const encoder = new TextEncoder();
  const event = (delta: object, finish_reason: string | null = null) => {
    const choices = [{ index: 0, delta, finish_reason }];
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'gpt-4o', choices };
    return encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const events = [
    event({ role: 'assistant', content: '' }),
    ...Array.from({ length: 20 }, (_, index) => event({ content: `word${index} ` })),
    event({}, 'stop'),
    encoder.encode('data: [DONE]\n\n'),
  ];
  return () => {
    let next = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (next === events.length) controller.close();
        else controller.enqueue(events[next++]!);
      },
    });
    return Promise.resolve(
      new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    );
  };
}

const many = (ops: number, call: () => Promise<number>): Work => ({
  ops,
  async run() {
    let length = 0;
    for (let count = 0; count < ops; count++) length += await call();
    return length;
  },
});

interface Place {
  baseURL: string;
  fetch?: Fetch;
}

async function ourStream(place: Place): Promise<Work> {
  const { openaiModel } = await import('@kortana/llm');
  const model = openaiModel({ ...place, apiKey });
  return many(20, async () => {
    let length = 0;
    for await (const chunk of model.stream({ messages }, limits)) {
      if (chunk.type === 'text') length += chunk.text.length;
    }
    return length;
  });
}

async function sdkStream(place: Place): Promise<Work> {
  const { OpenAI } = await import('openai');
  const client = new OpenAI({ ...place, apiKey, maxRetries: 0 });
  return many(20, async () => {
    let length = 0;
    const body = {
      model: 'gpt-4o',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    } as const;
    for await (const chunk of await client.chat.completions.create(body)) {
      length += chunk.choices[0]?.delta.content?.length ?? 0;
    }
    return length;
  });
}

async function ourCompletion(place: Place): Promise<Work> {
  const { openaiModel } = await import('@kortana/llm');
  const model = openaiModel({ ...place, apiKey });
  return many(
    20,
    async () => (await model.complete({ messages }, { timeoutMs: 30_000 })).content.length,
  );
}

async function sdkCompletion(place: Place): Promise<Work> {
  const { OpenAI } = await import('openai');
  const client = new OpenAI({ ...place, apiKey, maxRetries: 0, timeout: 30_000 });
  return many(20, async () => {
    const reply = await client.chat.completions.create({ model: 'gpt-4o', messages });
    return reply.choices[0]?.message.content?.length ?? 0;
  });
}

const overLoopback = async () => ({ baseURL: await startProviderProcess() });
const inMemory = () => ({ baseURL: 'http://127.0.0.1:9/v1', fetch: fetchFromMemory() });

export const scenarios: Scenario[] = [
  {
    name: 'stream of 20 chunks over the loopback',
    reach: 1.1,
    ours: async () => ourStream(await overLoopback()),
    peers: { openai: async () => sdkStream(await overLoopback()) },
  },
  {
    name: 'stream of 20 chunks from memory: the client alone',
    reach: 1.1,
    ours: () => ourStream(inMemory()),
    peers: { openai: () => sdkStream(inMemory()) },
  },
  {
    name: 'plain completion over the loopback',
    reach: 1.1,
    ours: async () => ourCompletion(await overLoopback()),
    peers: { openai: async () => sdkCompletion(await overLoopback()) },
  },
];
