import type { CannedFetch } from './canned-fetch.ts';

/** One way to ask a model; all of them over the same canned fetch. */
export interface Client {
  ask(prompt: string): Promise<string>;
  stream(prompt: string): Promise<string>;
}

const baseURL = 'http://127.0.0.1:9/v1';
const apiKey = 'none';

export async function bareSdk({ fetch }: CannedFetch): Promise<Client> {
  const { OpenAI } = await import('openai');
  const client = new OpenAI({ baseURL, apiKey, fetch, maxRetries: 0 });
  const body = (prompt: string) => ({
    model: 'gpt-4o',
    messages: [{ role: 'user' as const, content: prompt }],
  });
  return {
    async ask(prompt) {
      const reply = await client.chat.completions.create(body(prompt));
      return reply.choices[0]!.message.content!;
    },
    async stream(prompt) {
      let text = '';
      const stream = await client.chat.completions.create({ ...body(prompt), stream: true });
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
      return text;
    },
  };
}

export async function kortana({ fetch }: CannedFetch): Promise<Client> {
  const { ChatEngine } = await import('@kortana/engine');
  const { openaiModel } = await import('@kortana/llm');
  const engine = new ChatEngine({ model: openaiModel({ baseURL, apiKey, fetch }) });
  return {
    ask: async (prompt) => (await engine.getResponse(prompt)).content,
    async stream(prompt) {
      let text = '';
      for await (const event of engine.streamResponse(prompt)) {
        if (event.type === 'text') text += event.text;
      }
      return text;
    },
  };
}

/** With its own InMemoryCache. */
export async function langChain({ fetch }: CannedFetch): Promise<Client> {
  const { ChatOpenAI } = await import('@langchain/openai');
  const { InMemoryCache } = await import('@langchain/core/caches');
  const model = new ChatOpenAI({
    model: 'gpt-4o',
    apiKey,
    configuration: { baseURL, fetch },
    cache: new InMemoryCache(),
    maxRetries: 2,
  });
  return {
    ask: async (prompt) => (await model.invoke(prompt)).text,
    async stream(prompt) {
      let text = '';
      for await (const chunk of await model.stream(prompt)) text += chunk.text;
      return text;
    },
  };
}

/** With the caching middleware of its documentation, over a Map. */
export async function aiSdk({ fetch }: CannedFetch): Promise<Client> {
  const { generateText, streamText, wrapLanguageModel } = await import('ai');
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const kept = new Map<string, unknown>();
  const provider = createOpenAICompatible({ name: 'bench', baseURL, apiKey, fetch });
  const model = wrapLanguageModel({
    model: provider('gpt-4o'),
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate, params, model: { provider: name, modelId } }) => {
        const key = JSON.stringify({ provider: name, modelId, params });
        const found = kept.get(key) as Awaited<ReturnType<typeof doGenerate>> | undefined;
        if (found !== undefined) return found;
        const result = await doGenerate();
        kept.set(key, result);
        return result;
      },
    },
  });
  return {
    ask: async (prompt) => (await generateText({ model, prompt })).text,
    async stream(prompt) {
      let text = '';
      for await (const part of streamText({ model, prompt }).textStream) text += part;
      return text;
    },
  };
}
