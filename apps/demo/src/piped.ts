import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { ChatEngine } from '@kortana/engine';
import type { Console } from './console.ts';
import { printReply, type Outcome, type ReplyOptions } from './reply.ts';

/** Each line is a question of its own. Resolves with all outcomes, in order. */
export async function answerLines(
  engine: ChatEngine,
  console: Console,
  options: ReplyOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const line of createInterface({ input: console.input, crlfDelay: Infinity })) {
    if (options.signal.aborted) break;
    if (line.trim() !== '') outcomes.push(await printReply(engine, line.trim(), console, options));
  }
  return outcomes;
}

/** The question of the command line, with what was piped in below it. */
export async function answerOnce(
  engine: ChatEngine,
  console: Console,
  question: string,
  stdinIsTerminal: boolean,
  options: ReplyOptions,
): Promise<Outcome[]> {
  const piped = stdinIsTerminal ? '' : (await text(console.input)).trim();
  const whole = piped === '' ? question : `${question}\n\n${piped}`;
  return [await printReply(engine, whole, console, options)];
}
