/*
 * The figures of this package as it is built, on this machine, in about half a minute:
 *
 *     npx nx build memory && node packages/memory/bench/figures.ts
 *
 * Works in a folder of its own under the system's temporary one, and removes it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { embeddingsEndpoint, inMemoryStore, Memory, sqliteStore } from '@kortana/memory';
import { faulty } from '@kortana/memory/testing';
import { startEmbeddings } from '../test/ngram-embeddings.ts';
import { plantedFacts, smallTalk } from './planted-facts.ts';
import { place, talk } from './talk.ts';
import { randomFrom } from './text.ts';

const folder = mkdtempSync(join(tmpdir(), 'kortana-figures-'));
process.env['NODE_COMPILE_CACHE'] = join(folder, 'cache');

const path = join(folder, 'memory.db');
const random = randomFrom(7);
const { words, turn } = talk(8);

function print(what: string, figure: string, aim = ''): void {
  process.stdout.write(`${what.padEnd(56)} ${figure.padEnd(34)} ${aim}\n`);
}

/** Milliseconds of each call, sorted. */
async function time(count: number, call: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await call(i);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

const at = (times: number[], share: number) =>
  `${times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(2)} ms`;
const spread = (times: number[], share = 0.99) =>
  `p50 ${at(times, 0.5)}, ${share === 1 ? 'most' : 'p99'} ${at(times, share)}`;

/** What a program beside this one prints. */
function run(name: string, ...args: string[]): string {
  const program = fileURLToPath(new URL(name, import.meta.url));
  return execFileSync(process.execPath, [...process.execArgv, program, ...args]).toString();
}

function fill(): void {
  run('fill-file.ts', path);
  print(
    'file with 100,000 messages of 60 words',
    `${(statSync(path).size / 2 ** 20).toFixed(0)} MiB`,
  );
}

/** In a new process each time, as whoever opens a file does; beside it what no such store can do without. */
function open(): void {
  const once = (...args: string[]) => Number(run('open-once.ts', ...args));
  const rounds = Array.from({ length: 15 }, () => [once(path), once()] as const);
  const [files, threads] = [0, 1].map((i) => rounds.map((ms) => ms[i]!).sort((a, b) => a - b));
  print('open it: thread, file and first window', spread(files!, 1), '≤ 50 ms');
  print('  an empty thread alone', spread(threads!, 1));
}

async function readAndWrite(): Promise<void> {
  const store = sqliteStore({ path });
  const memory = new Memory({ store, recall: { deadlineMs: 5_000 } });
  await memory.ping();
  const prepared = Array.from({ length: 4_000 }, (_, i) => turn(...place(i)));
  const writes = await time(4_000, (i) => memory.record(prepared[i]!));
  print('append at 100,000 messages', spread(writes), 'p50 ≤ 0.3 ms, p99 ≤ 10 ms');
  print('  an empty call of its thread, alone', spread(await time(4_000, () => store.ping())));
  for (const [who, scoped] of [
    ['in one user’s past', true],
    ['in one session of nobody', false],
  ] as const) {
    let found = 0;
    const queries = Array.from({ length: 500 }, () => words(8));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    // What was made until now is none of the recalls' work.
    await new Promise((resolve) => void setTimeout(resolve, 10));
    delay.reset();
    let longestCollection = 0;
    const collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        longestCollection = Math.max(longestCollection, duration);
      }
    });
    collections.observe({ entryTypes: ['gc'] });
    const reads = await time(500, async (i) => {
      const [sessionId, userId] = place(i * 7);
      const request = { sessionId, ...(scoped && { userId }), query: queries[i]! };
      found += (await memory.recall(request)).items.length;
    });
    delay.disable();
    // What was observed is told a turn later.
    await new Promise(setImmediate);
    collections.disconnect();
    print(`recall at 100,000 messages, ${who}`, spread(reads), 'p99 ≤ 50 ms');
    print(
      '  delay of the event loop meanwhile',
      `most ${(delay.max / 1e6).toFixed(1)} ms`,
      '< 20 ms',
    );
    print('  of it a garbage collection', `most ${longestCollection.toFixed(1)} ms`);
    print('  items found by each', (found / 500).toFixed(1));
  }
  await memory.close();
}

async function killed(rounds: number): Promise<void> {
  const file = join(folder, 'killed.db');
  const writer = fileURLToPath(new URL('../test/children/write-turns.ts', import.meta.url));
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const args = [...process.execArgv, writer, file, `r${round}`];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    const until = 50 + Math.floor(random() * 300);
    let lines = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      if (++lines === until) child.kill('SIGKILL');
    }
    await ended;
  }
  const db = new DatabaseSync(file);
  const kept = new Set(
    db
      .prepare('SELECT id FROM turn')
      .all()
      .map(({ id }) => id),
  );
  const { integrity_check: verdict } = db.prepare('PRAGMA integrity_check').get()!;
  db.close();
  const lost = acknowledged.filter((id) => !kept.has(id)).length;
  print(
    `${rounds} rounds of kill -9 while writing`,
    `${lost} of ${acknowledged.length} lost, integrity ${String(verdict)}`,
    '0 lost, ok',
  );
}

async function outage(): Promise<void> {
  const request = { sessionId: 's', userId: 'u', query: 'what is the name of the parrot?' };
  const hung = new Memory({ store: faulty(inMemoryStore(), { '*': 'hang' }) });
  const [first] = await time(1, () => hung.recall(request));
  const next = await time(1_000, () => hung.recall(request));
  print('store hung: first answer held up', `${first!.toFixed(1)} ms`, '≤ the deadline, 150 ms');
  print('store hung: the next ones', spread(next), 'nothing measurable');
  const down = new Memory({ store: faulty(inMemoryStore(), { '*': 'fail' }) });
  await time(10, () => down.recall(request));
  print(
    'store down: recall',
    spread(await time(1_000, () => down.recall(request))),
    'nothing measurable',
  );
  print(
    'store down: record',
    spread(await time(1_000, () => down.record(turn('s')))),
    'nothing measurable',
  );
  await Promise.all([hung, down].map((memory) => memory.close({ timeoutMs: 1 })));
}

async function planted(): Promise<void> {
  const endpoint = await startEmbeddings();
  const embeddings = embeddingsEndpoint({ baseURL: endpoint.baseURL, model: 'ngrams' });
  const store = sqliteStore({ path: join(folder, 'planted.db') });
  const talk = randomFrom(11);
  for (const [n, [fact]] of plantedFacts.entries()) {
    const say = (user: string, answer: string, opId: string) => {
      const messages = [
        { role: 'user' as const, content: user },
        { role: 'assistant' as const, content: answer },
      ];
      return store.append({ sessionId: `p${n}`, messages }, { opId });
    };
    const appended = [say(fact, 'I will keep that in mind.', 'fact')];
    for (let i = 0; i < 500; i++) {
      const { question, answer } = smallTalk(talk);
      appended.push(say(question, answer, `${i}`));
    }
    await Promise.all(appended);
  }
  const patient = { deadlineMs: 10_000 };
  const withVectors = new Memory({ store, embeddings, recall: patient });
  // The first turn wakes the indexer.
  await withVectors.record({ sessionId: 'x', messages: [{ role: 'user', content: 'Hello' }] });
  while ((await store.vectors!.missing('ngrams', 1)).length > 0) {
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
  for (const [name, memory] of [
    ['window only', new Memory({ store, recall: { ...patient, maxItems: 0 } })],
    ['full text', new Memory({ store, recall: patient })],
    ['full text + vectors of a toy model', withVectors],
  ] as const) {
    const scores = new Map<string, [number, number]>();
    for (const [n, [fact, query, kind]] of plantedFacts.entries()) {
      const { messages, items } = await memory.recall({ sessionId: `p${n}`, query });
      const said = JSON.stringify([messages, items.map(({ text }) => text)]);
      const [hits, all] = scores.get(kind) ?? [0, 0];
      scores.set(kind, [hits + Number(said.includes(fact)), all + 1]);
    }
    const total = [...scores.values()].reduce((sum, [hits]) => sum + hits, 0);
    const parts = [...scores].map(([kind, [hits, all]]) => `${kind} ${hits}/${all}`).join(', ');
    print(`fact of 500 turns ago: ${name}`, `${total} of ${plantedFacts.length}`, parts);
  }
  await withVectors.close();
  await endpoint.end();
}

try {
  process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n\n`);
  fill();
  open();
  await readAndWrite();
  await killed(20);
  await outage();
  await planted();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
