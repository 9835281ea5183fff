/* Fills a file with 100,000 messages. A process of its own: what that leaves behind in the heap would be collected while others are measured. */
import { sqliteStore } from '@kortana/memory';
import { place, talk, turns } from './talk.ts';

const store = sqliteStore({ path: process.argv[2]! });
const { turn } = talk(7);
for (let i = 0; i < turns; i += 500) {
  const some = Array.from({ length: 500 }, (_, j) => i + j);
  await Promise.all(some.map((n) => store.append(turn(...place(n)), { opId: `t${n}` })));
}
await store.close();
