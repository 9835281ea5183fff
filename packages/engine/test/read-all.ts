import type { EngineEvent, EngineReply } from '@kortana/engine';

/** What a reader of a stream saw: the text, the reply if there was one, the error if it broke off. */
export interface Seen {
  text: string;
  events: EngineEvent[];
  reply?: EngineReply;
  error?: unknown;
}

export async function readAll(stream: AsyncIterable<EngineEvent>): Promise<Seen> {
  const seen: Seen = { text: '', events: [] };
  try {
    for await (const event of stream) {
      seen.events.push(event);
      if (event.type === 'text') seen.text += event.text;
      if (event.type === 'finish') seen.reply = event.reply;
    }
  } catch (error) {
    seen.error = error;
  }
  return seen;
}

/** What a promise was rejected with; undefined if it wasn't. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
