import type { Candidate, Scenario } from '../harness/scenario.ts';
import { cannedFetch, cannedText } from './canned-fetch.ts';
import { aiSdk, bareSdk, type Client, kortana, langChain } from './clients.ts';

type Make = (canned: ReturnType<typeof cannedFetch>) => Promise<Client>;

const batch = 40;
const rounds = 40;

/** Takes turns with the bare SDK in one process: what is left is the work done on top of it. */
const overSdk =
  (make: Make, how: 'ask' | 'stream'): Candidate =>
  async () => {
    const bare = await bareSdk(cannedFetch());
    const client = await make(cannedFetch());
    let prompts = 0;
    const once = async (one: Client): Promise<number> => {
      const start = process.cpuUsage();
      for (let i = 0; i < batch; i++) {
        // No two are equal: nothing can come from a cache.
        const text = await one[how](`question ${prompts++}`);
        if (text.trim() !== cannedText.trim()) throw new Error(`Not whole: ${text}`);
      }
      const { user, system } = process.cpuUsage(start);
      return (user + system) / batch;
    };
    return {
      async measure() {
        for (let i = 0; i < rounds / 2; i++) {
          await once(bare);
          await once(client);
        }
        const over: number[] = [];
        for (let i = 0; i < rounds; i++) {
          const sdk = await once(bare);
          over.push((await once(client)) - sdk);
        }
        return over.toSorted((a, b) => a - b)[rounds >> 1]!;
      },
    };
  };

const scenario = (name: string, how: 'ask' | 'stream'): Scenario => ({
  name,
  unit: 'µs CPU over the bare SDK',
  ours: overSdk(kortana, how),
  peers: {
    '@langchain/openai': overSdk(langChain, how),
    ai: overSdk(aiSdk, how),
  },
});

const refusal: Candidate = async () => {
  const { ChatEngine } = await import('@kortana/engine');
  const { openaiModel } = await import('@kortana/llm');
  const model = openaiModel({ baseURL: 'http://127.0.0.1:9/v1', fetch: cannedFetch().fetch });
  const engine = new ChatEngine({ model });
  engine.llmCircuitBreaker.open();
  const ops = 50;
  let questions = 0;
  return {
    ops,
    async run() {
      let refused = 0;
      for (let i = 0; i < ops; i++) {
        await engine.getResponse(`question ${questions++}`).catch(() => refused++);
      }
      if (refused !== ops || engine.llmCircuitBreaker.state !== 'open')
        throw new Error('Not refused');
      return refused;
    },
  };
};

export const scenarios: Scenario[] = [
  scenario('a live call', 'ask'),
  scenario('a live call, streamed in 20 chunks', 'stream'),
  { name: "an open breaker's refusal through the engine", ours: refusal, peers: {} },
];
