import type { ChatEngine } from '@kortana/engine';
import type { Memory } from '@kortana/memory';
import type { Console } from './console.ts';
import { duration } from './receipt-line.ts';

export interface Conversation {
  engine: ChatEngine;
  console: Console;
  /** Undefined: `--no-memory`. */
  memory: Memory | undefined;
  /** Whose facts and sessions these are. */
  userId: string;
  session: string;
}

interface Command {
  /** What stands behind its name in the list. */
  takes?: string;
  says: string;
  needsMemory?: true;
  /** `'exit'` ends the program. */
  run(conversation: Conversation, rest: string): Promise<'exit' | void> | 'exit' | void;
}

const commands: Record<string, Command> = {
  '/help': {
    says: 'this list',
    run({ console }) {
      for (const [name, { takes = '', says }] of Object.entries(commands))
        console.aside(`  ${console.bold(`${name} ${takes}`.padEnd(18))} ${says}`);
      console.aside(console.dim('  """ begins and ends a text of several lines'));
      console.aside(
        console.dim('  Ctrl-C stops the reply; at the empty prompt twice, or Ctrl-D: exit'),
      );
    },
  },
  '/stats': {
    says: 'what was measured, and how the engine is',
    run: ({ engine, console }) => {
      for (const line of statistics(engine)) console.aside(line);
    },
  },
  '/new': {
    says: 'a new session, with nothing before it',
    run(conversation) {
      conversation.session = newSession();
      conversation.console.aside(conversation.console.dim('A new session.'));
    },
  },
  '/session': {
    takes: 'NAME',
    says: 'go on with a session, or begin it',
    run(conversation, name) {
      if (name !== '') conversation.session = name;
      conversation.console.aside(`This is session ${conversation.session}.`);
    },
  },
  '/sessions': {
    says: 'the sessions so far, the newest first',
    needsMemory: true,
    async run({ memory, userId, session, console }) {
      const list = await memory!.sessions.list({ userId, limit: 20 });
      if (list.length === 0) console.aside('There is none yet.');
      for (const { id, title = '', turns, updatedAt } of list)
        console.aside(
          `  ${id === session ? '*' : ' '} ${console.bold(id)} ${title} ` +
            console.dim(
              `${turns} ${turns === 1 ? 'turn' : 'turns'}, ${new Date(updatedAt).toLocaleString()}`,
            ),
        );
    },
  },
  '/remember': {
    takes: 'TEXT',
    says: 'keep a fact for all sessions',
    needsMemory: true,
    async run({ memory, userId, console }, text) {
      if (text === '') return console.aside('What shall I remember? /remember TEXT');
      const { id } = await memory!.remember({ userId, text });
      console.aside(console.dim(`Kept, as ${id.slice(0, 8)}.`));
    },
  },
  '/facts': {
    says: 'what is kept',
    needsMemory: true,
    async run({ memory, userId, console }) {
      const facts = await memory!.facts({ userId });
      if (facts.length === 0) console.aside('Nothing is kept yet. /remember TEXT keeps something.');
      for (const { id, text } of facts) console.aside(`  ${console.bold(id.slice(0, 8))} ${text}`);
    },
  },
  '/forget': {
    takes: 'ID',
    says: 'forget a fact; /facts shows the ids',
    needsMemory: true,
    async run({ memory, userId, console }, start) {
      const facts = await memory!.facts({ userId });
      const fact = facts.find(({ id }) => start !== '' && id.startsWith(start));
      if (!fact) return console.aside('There is no such fact. /facts shows the ids.');
      await memory!.forget(fact.id);
      console.aside(console.dim(`Forgotten: ${fact.text}`));
    },
  },
  '/exit': { says: 'good-bye', run: () => 'exit' },
};

/** A name that can be typed: the day and the time. */
export function newSession(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

export function isCommand(message: string): boolean {
  return /^\/[a-z]*(\s|$)/i.test(message) && !message.includes('\n');
}

export async function runCommand(
  message: string,
  conversation: Conversation,
): Promise<'exit' | void> {
  const { console, memory } = conversation;
  const [name = '', ...rest] = message.split(/\s+/);
  const command = commands[name.toLowerCase()];
  if (!command) return console.aside(`There is no ${name}. /help lists the commands.`);
  if (command.needsMemory && !memory) return console.aside('It was started with --no-memory.');
  try {
    return await command.run(conversation, rest.join(' '));
  } catch (error) {
    console.aside(console.warn(`${name} failed: ${(error as Error).message}`));
  }
}

function statistics(engine: ChatEngine): string[] {
  const rows = Object.entries(engine.metrics.getSummary()).map(([operation, stats]) => [
    operation,
    String(stats.totalRequests),
    `${stats.successRate.toFixed(1)} %`,
    duration(stats.p50TimeMs),
    duration(stats.p95TimeMs),
    duration(stats.maxTimeMs),
  ]);
  const counters = Object.entries(engine.metrics.getCounters());
  const breaker = engine.llmCircuitBreaker;
  return [
    ...table([['operation', 'calls', 'good', 'median', 'p95', 'longest'], ...rows]),
    ...counters.map(([name, count]) => `  ${name}: ${count}`),
    `  breaker: ${breaker.state}, ${breaker.failureCount} failures in a row`,
    `  ${engine.status().words}`,
  ];
}

function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(
    (row) =>
      '  ' +
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  '),
  );
}
