import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  process: ChildProcess;
  /** The next line it prints; rejects when it ends before. */
  line(): Promise<string>;
  say(line: string): void;
  /** Resolves with its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Runs one of the programs in `children/` as another process. */
export function child(name: string, args: string[], wrap: string[] = []): Child {
  const program = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  const command = [...wrap, process.execPath, '--conditions=@kortana/source', program, ...args];
  const spawned = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void spawned.kill('SIGKILL'));
  const lines = createInterface({ input: spawned.stdout })[Symbol.asyncIterator]();
  return {
    process: spawned,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} has ended`);
      return value;
    },
    say: (line) => void spawned.stdin.write(`${line}\n`),
    ended: once(spawned, 'exit').then(([code, signal]) => (code ?? signal) as number | string),
  };
}
