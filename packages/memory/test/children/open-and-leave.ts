import { Memory, sqliteStore } from '@kortana/memory';

// Neither closes its memory nor ends itself.
const memory = new Memory({
  store: sqliteStore({ path: process.argv[2]! }),
  record: { deadlineMs: 30_000 },
});
const messages = [{ role: 'user' as const, content: 'Hello' }];
process.stdout.write(`${await memory.record({ sessionId: 's', messages })}\n`);
