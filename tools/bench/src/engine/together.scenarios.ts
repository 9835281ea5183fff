import type { Candidate, Scenario } from '../harness/scenario.ts';
import { type CannedFetch, cannedFetch, cannedText } from './canned-fetch.ts';
import { aiSdk, bareSdk, type Client, kortana, langChain } from './clients.ts';

type Make = (canned: CannedFetch) => Promise<Client>;

/** Answers late, so that all requests are in flight at once. */
function slowFetch(): CannedFetch {
  const canned = cannedFetch();
  return {
    get calls() {
      return canned.calls;
    },
    fetch: async (input, init) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return canned.fetch(input, init);
    },
  };
}

const equalRequests =
  (make: Make): Candidate =>
  () => ({
    async measure() {
      const canned = slowFetch();
      const client = await make(canned);
      const asked = Array.from({ length: 1000 }, (_, i) =>
        client[i % 2 === 0 ? 'ask' : 'stream']('the same question'),
      );
      for (const text of await Promise.all(asked)) {
        if (text.trim() !== cannedText.trim()) throw new Error(`Not whole: ${text}`);
      }
      return canned.calls;
    },
  });

/** Streams that have begun and wait for their second half. */
const openStreams =
  (make: Make): Candidate =>
  () => ({
    async measure() {
      const count = 1000;
      let release = (): void => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      let open = 0;
      let allOpen = (): void => {};
      const opened = new Promise<void>((resolve) => (allOpen = resolve));
      const client = await make(heldFetch(held, () => ++open === count && allOpen()));
      await client.stream('warm up').catch(() => {});
      open = 0;
      const before = memory();
      const streams = Array.from({ length: count }, (_, i) => client.stream(`question ${i}`));
      await opened;
      await new Promise((resolve) => setTimeout(resolve, 200));
      const after = memory();
      release();
      for (const text of await Promise.all(streams)) {
        if (text.trim() !== cannedText.trim()) throw new Error(`Not whole: ${text}`);
      }
      return (after - before) / count / 1024;
    },
  });

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Each stream after the first stops in the middle until it is let through. */
function heldFetch(held: Promise<void>, onHeld: () => void): CannedFetch {
  const canned = cannedFetch();
  return {
    get calls() {
      return canned.calls;
    },
    fetch: async (input, init) => {
      const reply = await canned.fetch(input, init);
      if (canned.calls === 1) return reply;
      let chunks = 0;
      const hold = new TransformStream<Uint8Array, Uint8Array>({
        async transform(chunk, controller) {
          if (++chunks === 10) {
            onHeld();
            await held;
          }
          controller.enqueue(chunk);
        },
      });
      return new Response(reply.body!.pipeThrough(hold), { headers: reply.headers });
    },
  };
}

export const scenarios: Scenario[] = [
  {
    name: '1000 equal requests in flight, half of them streamed',
    unit: 'calls upstream',
    ours: equalRequests(kortana),
    peers: {
      '@langchain/core InMemoryCache': equalRequests(langChain),
      'ai, its documented middleware': equalRequests(aiSdk),
    },
  },
  {
    name: '1000 different streams at once, none loses a word',
    unit: 'KiB of heap for each open stream',
    ours: openStreams(kortana),
    peers: {
      'openai, bare': openStreams(bareSdk),
      '@langchain/openai': openStreams(langChain),
      ai: openStreams(aiSdk),
    },
  },
];
