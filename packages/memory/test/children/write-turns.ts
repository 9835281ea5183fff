import { once } from 'node:events';
import { Memory, sqliteStore } from '@kortana/memory';

// Records turns one after the other, and prints the name of each that is acknowledged as stored.
const [path, sessionId, count = '100000'] = process.argv.slice(2);
const memory = new Memory({ store: sqliteStore({ path: path! }), record: { deadlineMs: 30_000 } });
// Who started it is gone.
process.stdin.once('end', () => process.exit(3)).resume();
for (let i = 0; i < Number(count); i++) {
  const opId = `${sessionId}-${i}`;
  const messages = [{ role: 'user' as const, content: `turn ${opId} ${'word '.repeat(40)}` }];
  const result = await memory.record({ sessionId: sessionId!, messages }, { opId });
  const line = result === 'stored' ? `${opId}\n` : `! ${result} ${opId}\n`;
  if (!process.stdout.write(line)) await once(process.stdout, 'drain');
}
await memory.close();
process.stdin.destroy();
