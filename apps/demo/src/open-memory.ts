import { homedir } from 'node:os';
import { join } from 'node:path';
import { Memory, sqliteStore } from '@kortana/memory';
import type { Console } from './console.ts';

/** The file that remembers: KORTANA_MEMORY, else where programs of this user keep their data. */
function memoryPath(env: Record<string, string | undefined>): string {
  const data = env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local', 'share');
  return env['KORTANA_MEMORY'] || join(data, 'kortana', 'memory.db');
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
