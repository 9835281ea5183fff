/** A `fetch` that answers without a network, so that only the caller's own work is measured. */
export interface CannedFetch {
  fetch: typeof globalThis.fetch;
  /** How often it was called. */
  readonly calls: number;
}

const usage = { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 };
const base = { id: 'chatcmpl-1', created: 1_760_000_000, model: 'gpt-4o' };

const words = Array.from({ length: 20 }, (_, index) => `word${index + 1} `);
export const cannedText = words.join('');

const plain = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: cannedText }, finish_reason: 'stop' },
  ],
  usage,
});

const event = (delta: object, finish_reason: string | null = null, rest: object = {}): Uint8Array =>
  new TextEncoder().encode(
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }], ...rest })}\n\n`,
  );

const events = [
  ...words.map((content) => event({ content })),
  event({}, 'stop'),
  new TextEncoder().encode(
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [], usage })}\n\ndata: [DONE]\n\n`,
  ),
];

export function cannedFetch(): CannedFetch {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    fetch: async (_input, init) => {
      calls++;
      const isStream = String(init?.body).includes('"stream":true');
      return isStream
        ? streamed()
        : new Response(plain, { headers: { 'content-type': 'application/json' } });
    },
  };
}

function streamed(): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = events[at++];
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
