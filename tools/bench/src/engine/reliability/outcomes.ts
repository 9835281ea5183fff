import type { ChatEngine } from '@kortana/engine';
import { KortanaError } from '@kortana/errors';

export type Outcome = 'whole' | 'honest error' | 'silently wrong';

/** A question and all of the answer that the provider gives to it. */
export function question(number: number): { message: string; whole: string } {
  const words = 5 + (number % 20);
  const whole = Array.from({ length: words }, (_, i) => `word${i + 1}`).join(' ');
  return { message: `[[words: ${words}]] question ${number}`, whole };
}

/** Asks, plain or streamed, and compares what came with what should have. */
export async function ask(
  engine: ChatEngine,
  number: number,
  streamed: boolean,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { message, whole } = question(number);
  let text = '';
  let content: string | undefined;
  try {
    if (streamed) {
      for await (const event of engine.streamResponse(message, { signal })) {
        if (event.type === 'text') text += event.text;
        if (event.type === 'finish') content = event.reply.content;
      }
      if (content === undefined) return 'silently wrong';
    } else text = content = (await engine.getResponse(message, { signal })).content;
    return text === whole && content === whole ? 'whole' : 'silently wrong';
  } catch (error) {
    return KortanaError.isInstance(error) && whole.startsWith(text)
      ? 'honest error'
      : 'silently wrong';
  }
}

/** Runs numbers through `one`, so many at a time. */
export async function inParallel(
  count: number,
  limit: number,
  one: (number: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

export class Tally {
  readonly counts: Record<Outcome, number> = { whole: 0, 'honest error': 0, 'silently wrong': 0 };

  add(outcome: Outcome): void {
    this.counts[outcome]++;
  }

  toString(): string {
    const all = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
    const share = (count: number): string => `${((100 * count) / all).toFixed(2)} %`;
    return Object.entries(this.counts)
      .map(([outcome, count]) => `${outcome} ${count} (${share(count)})`)
      .join(', ');
  }
}
