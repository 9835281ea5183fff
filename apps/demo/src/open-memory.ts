import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Memory, sqliteStore } from '@kortana/memory';
import type { Console } from './console.ts';

/** The file that remembers: KORTANA_MEMORY, else where programs of this user keep their data. */
function memoryPath(env: Record<string, string | undefined>): string {
  if (env['KORTANA_MEMORY']) return env['KORTANA_MEMORY'];
  const data = env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local', 'share');
  const folder = join(data, 'kortana');
  try {
    // What was said here is nobody else's business.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Opening the file says what is wrong.
  }
  return join(folder, 'memory.db');
}

/** Opens it, and says what is wrong with it, if anything is: the talk goes on all the same. */
export async function openMemory(
  env: Record<string, string | undefined>,
  console: Console,
): Promise<Memory> {
  const path = memoryPath(env);
  const memory = new Memory({
    store: sqliteStore({ path }),
    onEvent: (event) => {
      if (event.type === 'notice') console.aside(console.warn(event.message));
    },
  });
  const health = await memory.ping();
  if (!health.ok)
    console.aside(console.warn(`Nothing will be remembered in ${path}: ${health.message}`));
  return memory;
}
