import { expect, onTestFinished, test, vi } from 'vitest';
import { inMemoryStore } from '../in-memory/in-memory-store.ts';
import { Memory } from '../memory.ts';
import { faulty, type FaultScript } from './faulty.ts';
import { storeContract } from './store-contract.ts';

const turn = (text: string) => ({
  sessionId: 's',
  messages: [{ role: 'user' as const, content: text }],
});

test.each(storeContract(() => faulty(inMemoryStore(), {})))(
  'without faults: $name',
  async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  },
);

test('does in turn what the script says, then all is well', async () => {
  const inner = inMemoryStore();
  const mine = new Error('mine');
  const store = faulty(inner, { append: ['fail', mine, 'lose', 'ok'] });
  const append = (opId: string) => store.append(turn(opId), { opId });
  await expect(append('a')).rejects.toThrow('as the script says');
  await expect(append('b')).rejects.toBe(mine);
  await expect(append('c')).rejects.toThrow('as the script says');
  await append('d');
  await append('e');
  const { turns } = (await inner.sessions.export('s'))!;
  expect(turns.map(({ id }) => id)).toEqual(['c', 'd', 'e']);
});

test('a hanging call never ends; asked before or not', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const inner = inMemoryStore();
  const store = faulty(inner, { append: ['hang', 'loseAndHang', { delayMs: 10 }] });
  const ended: string[] = [];
  for (const opId of ['a', 'b', 'c']) {
    void store.append(turn(opId), { opId }).finally(() => ended.push(opId));
  }
  await vi.advanceTimersByTimeAsync(9);
  expect([ended, (await inner.stats()).turns]).toEqual([[], 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect([ended, (await inner.stats()).turns]).toEqual([['c'], 2]);
});

test('names one method, a part, or all; the script may change meanwhile', async () => {
  const script: FaultScript = { 'facts.list': 'fail', '*': 'ok' };
  const store = faulty(inMemoryStore(), script);
  await expect(store.facts.list({ userId: 'anna' })).rejects.toThrow(Error);
  expect(await store.sessions.list()).toEqual([]);
  script['*'] = 'fail';
  await expect(store.sessions.list()).rejects.toThrow(Error);
  expect((await store.ping()).ok).toBe(false);
  script['facts.list'] = 'ok';
  expect(await store.facts.list({ userId: 'anna' })).toEqual([]);
  await store.close();
});

test('takes frozen stores, and those with methods of a class', async () => {
  const inner = inMemoryStore();
  Object.freeze(inner.facts);
  const memory = new Memory({ store: faulty(Object.freeze(inner), { append: ['fail'] }) });
  expect(await memory.record(turn('x'))).toBe('queued');
  expect(await memory.flush()).toEqual({ queued: 0 });
  await memory.close();

  class Own {
    #name = 'own';
    get name() {
      return this.#name;
    }
    async stats() {
      return this.#name;
    }
  }
  const own = faulty(new Own() as never, {});
  expect([own.name, await own.stats()]).toEqual(['own', 'own']);
});
