import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ChatEngine } from '@kortana/engine';
import { readArguments, usage, type Arguments } from './arguments.ts';
import { chooseModel } from './choose-model.ts';
import { consoleOf, type Surroundings } from './console.ts';
import { answerLines, answerOnce } from './piped.ts';
import type { Outcome } from './reply.ts';
import { talk } from './terminal.ts';

/** Runs the program and resolves with its exit code. */
export async function runKortana(argv: string[], surroundings: Surroundings): Promise<number> {
  const console = consoleOf(surroundings);
  let options: Arguments;
  try {
    options = readArguments(argv);
  } catch (error) {
    console.aside(`kortana: ${(error as Error).message}\nSee kortana --help.`);
    return 2;
  }
  if (options.help) return (console.answer(usage), 0);
  if (options.version) return (console.answer(`${version()}\n`), 0);

  const { model, says } = await chooseModel({ ...options, env: surroundings.env });
  console.aside(console.dim(says));
  const engine = new ChatEngine({
    model,
    ...(options.persona !== undefined && { persona: options.persona }),
    ...(!options.memory && { memory: false as const }),
  });
  try {
    if (console.interactive && options.question === undefined) {
      console.aside(console.dim('/help lists the commands.'));
      await talk(engine, console, surroundings.stderr, options.session ?? randomUUID());
      return 0;
    }
    return await answerPiped(engine, options, console, surroundings);
  } finally {
    await engine.shutdown({ timeoutMs: 3000 });
  }
}

async function answerPiped(
  engine: ChatEngine,
  { question, session }: Arguments,
  console: ReturnType<typeof consoleOf>,
  { stdin }: Surroundings,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    const options = { sessionId: session, signal: interruption.signal };
    const outcomes: Outcome[] = question
      ? await answerOnce(engine, console, question, Boolean(stdin.isTTY), options)
      : await answerLines(engine, console, options);
    if (interruption.signal.aborted) return 130;
    if (outcomes.length === 0)
      console.aside(
        'Nothing was asked: the input ended before a question came. Start it in a terminal, ' +
          'give a question as an argument, or pipe one question per line. See kortana --help.',
      );
    return outcomes.includes('failed') ? 1 : 0;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
