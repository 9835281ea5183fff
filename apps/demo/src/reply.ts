import type { ChatEngine } from '@kortana/engine';
import { KortanaError } from '@kortana/errors';
import type { Console } from './console.ts';
import { receiptLine, duration } from './receipt-line.ts';

export type Outcome = 'answered' | 'failed' | 'stopped';

export interface ReplyOptions {
  /** Without one nothing is remembered, and equal questions share their answer. */
  sessionId?: string | undefined;
  userId?: string | undefined;
  signal: AbortSignal;
}

/** Asks one question: the answer streams to stdout, the receipt or the reason goes to stderr. */
export async function printReply(
  engine: ChatEngine,
  question: string,
  console: Console,
  options: ReplyOptions,
): Promise<Outcome> {
  let lineOpen = false;
  const closeLine = () => {
    console.hideWaiting();
    if (lineOpen) console.answer('\n');
    lineOpen = false;
  };
  console.showWaiting();
  const unlisten = engine.on('event', (notice) => {
    if (notice.type === 'retry')
      console.showWaiting(` asking ${notice.model} again in ${duration(notice.delayMs)}`);
    if (notice.type === 'failover') console.showWaiting(` asking ${notice.to}`);
  });
  try {
    for await (const event of engine.streamResponse(question, options)) {
      if (event.type === 'text' && event.text !== '') {
        console.hideWaiting();
        console.answer(event.text);
        lineOpen = true;
      }
      if (event.type === 'finish') {
        closeLine();
        console.aside(console.dim(`── ${receiptLine(event.reply.metadata)}`));
      }
    }
    return 'answered';
  } catch (error) {
    closeLine();
    if (options.signal.aborted) {
      console.aside(console.dim('── stopped'));
      return 'stopped';
    }
    for (const line of explain(error)) console.aside(console.warn(line));
    return 'failed';
  } finally {
    unlisten();
  }
}

/** In words: what failed, and what may help. */
function explain(error: unknown): string[] {
  if (!KortanaError.isInstance(error)) return [`── no answer: ${String(error)}`];
  const { code, message, retryAfterMs, recoverable } = error;
  const next =
    retryAfterMs !== undefined && retryAfterMs > 0
      ? `   Try again in ${duration(retryAfterMs)}.`
      : recoverable
        ? '   Trying again may help.'
        : undefined;
  return [`── no answer: ${message} (${code})`, ...(next ? [next] : [])];
}
