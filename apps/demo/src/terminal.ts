import { createInterface, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';
import { isCommand, runCommand, type Conversation } from './commands.ts';
import { printReply } from './reply.ts';

/**
 * A talk at a terminal, until /exit, Ctrl-D, or Ctrl-C twice at the empty prompt.
 * The line editor stays active during a reply, so that Ctrl-C reaches us as a key and not as a
 * signal that would also end the package manager that started us.
 */
export async function talk(conversation: Conversation, output: Writable): Promise<void> {
  const { engine, console, userId } = conversation;
  const editor = createInterface({
    input: console.input,
    output,
    prompt: console.bold('you › '),
    terminal: true,
  });
  let reply: AbortController | undefined;

  let mayLeave = false;
  editor.on('SIGINT', () => {
    if (reply) return reply.abort();
    if (editor.line !== '') return clearLine(editor);
    if (mayLeave) return editor.close();
    mayLeave = true;
    console.aside(console.dim('\n(once more, or Ctrl-D, to leave)'));
    editor.prompt();
  });

  for await (const message of messages(editor)) {
    mayLeave = false;
    if (isCommand(message)) {
      if ((await runCommand(message, conversation)) === 'exit') break;
    } else if (message !== '') {
      reply = new AbortController();
      const { session: sessionId } = conversation;
      await printReply(engine, message, console, { sessionId, userId, signal: reply.signal });
      reply = undefined;
    }
    editor.prompt();
  }
  editor.close();
}

function clearLine(editor: Interface): void {
  editor.write(null, { ctrl: true, name: 'e' });
  editor.write(null, { ctrl: true, name: 'u' });
}

/** What is typed, message by message; lines between two `"""` are one. Lines typed early wait. */
async function* messages(editor: Interface): AsyncGenerator<string> {
  const lines: string[] = [];
  let wake = () => {};
  let closed = false;
  editor.on('line', (line) => {
    lines.push(line);
    wake();
  });
  editor.on('close', () => {
    closed = true;
    wake();
  });
  const nextLine = async (): Promise<string | undefined> => {
    while (lines.length === 0 && !closed) {
      const woken = Promise.withResolvers<void>();
      wake = woken.resolve;
      await woken.promise;
    }
    return lines.shift();
  };

  editor.prompt();
  for (let line = await nextLine(); line !== undefined; line = await nextLine()) {
    if (!line.trimStart().startsWith('"""')) {
      yield line.trim();
      continue;
    }
    const block = [line.trimStart().slice(3)];
    while (!block.at(-1)!.trimEnd().endsWith('"""')) {
      const next = await nextLine();
      if (next === undefined) return;
      block.push(next);
    }
    yield block.join('\n').trimEnd().slice(0, -3).trim();
  }
}
