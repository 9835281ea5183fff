import type { ChatEngine } from '@kortana/engine';
import type { Console } from './console.ts';
import { duration } from './receipt-line.ts';

export interface Conversation {
  engine: ChatEngine;
  console: Console;
  /** Begins a session with nothing before it. */
  startAnew(): void;
}

interface Command {
  says: string;
  /** `'exit'` ends the program. */
  run(conversation: Conversation): 'exit' | void;
}

const commands: Record<string, Command> = {
  '/help': {
    says: 'this list',
    run({ console }) {
      for (const [name, { says }] of Object.entries(commands))
        console.aside(`  ${console.bold(name.padEnd(8))} ${says}`);
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
    run({ startAnew, console }) {
      startAnew();
      console.aside(console.dim('A new session.'));
    },
  },
  '/exit': { says: 'good-bye', run: () => 'exit' },
};

export function isCommand(line: string): boolean {
  return /^\/[a-z]*$/i.test(line);
}

export function runCommand(line: string, conversation: Conversation): 'exit' | void {
  const command = commands[line.toLowerCase()];
  if (command) return command.run(conversation);
  conversation.console.aside(`There is no ${line}. /help lists the commands.`);
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
