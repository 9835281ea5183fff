import type { Candidate, Scenario } from '../harness/scenario.ts';
import { cannedFetch, cannedText } from './canned-fetch.ts';
import { aiSdk, type Client, kortana, langChain } from './clients.ts';

const ops = 50;
const prompt = 'What is 2+2?';

const hit =
  (make: (canned: ReturnType<typeof cannedFetch>) => Promise<Client>): Candidate =>
  async () => {
    const canned = cannedFetch();
    const client = await make(canned);
    await client.ask(prompt);
    return {
      ops,
      async run() {
        let length = 0;
        for (let i = 0; i < ops; i++) length += (await client.ask(prompt)).length;
        if (canned.calls !== 1 || length !== ops * cannedText.length) throw new Error('Not a hit');
        return length;
      },
    };
  };

/** The first question of ever new sessions, asked before by others: memory is read and written around the hit. */
const hitInSession: Candidate = async () => {
  const { ChatEngine } = await import('@kortana/engine');
  const { openaiModel } = await import('@kortana/llm');
  const canned = cannedFetch();
  const model = openaiModel({ baseURL: 'http://127.0.0.1:9/v1', fetch: canned.fetch });
  const engine = new ChatEngine({ model });
  let sessions = 0;
  return {
    ops,
    async run() {
      let length = 0;
      for (let i = 0; i < ops; i++) {
        const { content } = await engine.getResponse(prompt, {
          sessionId: `session ${sessions++}`,
        });
        length += content.length;
      }
      if (canned.calls !== 1) throw new Error('Not a hit');
      return length;
    },
  };
};

export const scenarios: Scenario[] = [
  {
    name: 'a cache hit: short prompt, no session',
    ours: hit(kortana),
    peers: {
      '@langchain/core InMemoryCache': hit(langChain),
      'ai, its documented middleware': hit(aiSdk),
    },
  },
  { name: 'a cache hit within a session: memory read and written', ours: hitInSession, peers: {} },
];
