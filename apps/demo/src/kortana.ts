import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ChatEngine } from '@kortana/engine';
import type { Memory } from '@kortana/memory';
import { readArguments, usage, type Arguments } from './arguments.ts';
import { chooseModel, type Choice } from './choose-model.ts';
import { newSession } from './commands.ts';
import { consoleOf, type Console, type Surroundings } from './console.ts';
import { openMemory } from './open-memory.ts';
import { answerLines, answerOnce } from './piped.ts';
import type { Outcome, ReplyOptions } from './reply.ts';
import { talk } from './terminal.ts';

/** Runs the program and resolves with its exit code. */
export async function runKortana(argv: string[], surroundings: Surroundings): Promise<number> {
  const { stdin, stderr, env } = surroundings;
  const console = consoleOf(surroundings);
  let options: Arguments;
  let choice: Choice;
  try {
    options = readArguments(argv);
    if (options.help) return (console.answer(usage), 0);
    if (options.version) return (console.answer(`${version()}\n`), 0);
    choice = await chooseModel({ ...options, env });
  } catch (error) {
    console.aside(`kortana: ${(error as Error).message}\nSee kortana --help.`);
    return 2;
  }
  const { model, says } = choice;
  console.aside(console.dim(says));
  const talking = console.interactive && options.question === undefined;
  const inSession = talking || options.session !== undefined || options.continue;
  const memory = options.memory && inSession ? await openMemory(env, console) : undefined;
  const engine = new ChatEngine({ model, persona: options.persona, memory: memory ?? false });
  const userId = inSession ? userName() : undefined;
  const session = options.session ?? (options.continue ? await lastSession(memory) : undefined);
  try {
    if (!talking)
      return await answerPiped(engine, console, stdin, options.question, {
        sessionId: session,
        userId,
      });
    console.aside(console.dim('/help lists the commands.'));
    const conversation = {
      engine,
      console,
      memory,
      userId: userId!,
      session: session ?? newSession(),
    };
    await talk(conversation, stderr);
    return 0;
  } finally {
    await engine.shutdown({ timeoutMs: 2000 });
    // The shutdown has waited for the memory already.
    const closed = await memory?.close({ timeoutMs: 1 });
    if (closed?.lost) console.aside(console.warn(`${closed.lost} turns could not be remembered.`));
  }
}

async function answerPiped(
  engine: ChatEngine,
  console: Console,
  stdin: Surroundings['stdin'],
  question: string | undefined,
  whose: Pick<ReplyOptions, 'sessionId' | 'userId'>,
): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    const options = { ...whose, signal: interruption.signal };
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

async function lastSession(memory: Memory | undefined): Promise<string | undefined> {
  const list = await memory?.sessions.list({ userId: userName(), limit: 1 }).catch(() => []);
  return list?.[0]?.id;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return 'me';
  }
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
