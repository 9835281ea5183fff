import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { inMemoryStore } from '../in-memory/in-memory-store.ts';
import { Memory } from '../memory.ts';
import type { MemoryEvent } from '../memory-event.ts';
import type { MemoryOptions } from '../memory-options.ts';
import { faulty, type FaultScript } from '../testing/faulty.ts';

const turn = (text: string) => ({
  sessionId: 's',
  messages: [{ role: 'user' as const, content: text }],
});

function setUp(script: FaultScript, options: Partial<MemoryOptions> = {}) {
  const events: MemoryEvent[] = [];
  const inner = inMemoryStore();
  const memory = new Memory({
    store: faulty(inner, script),
    record: { deadlineMs: 30_000 },
    onEvent: (event) => events.push(event),
    ...options,
  });
  onTestFinished(async () => void (await memory.close({ timeoutMs: 0 })));
  const ids = async () => (await inner.sessions.export('s'))?.turns.map(({ id }) => id);
  return { memory, inner, script, events, ids };
}

test('whatever fails, each session’s turns are stored in their order, and once', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const fault = fc.constantFrom(
    'ok' as const,
    'fail' as const,
    'lose' as const,
    'hang' as const,
    'loseAndHang' as const,
    { delayMs: 400 },
  );
  const step = fc.record({
    session: fc.constantFrom('a', 'b'),
    pauseMs: fc.constantFrom(0, 0, 50, 5_000),
    again: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 30 }),
      fc.array(step, { maxLength: 20 }),
      async (append, steps) => {
        const { memory, inner, events } = setUp({ append }, { record: { deadlineMs: 150 } });
        const recorded: Promise<unknown>[] = [];
        for (const [i, { session: sessionId, pauseMs, again }] of steps.entries()) {
          const record = () => memory.record({ ...turn('x'), sessionId }, { opId: `${i}` });
          recorded.push(record());
          if (again) recorded.push(record());
          await vi.advanceTimersByTimeAsync(pauseMs);
        }
        await vi.advanceTimersByTimeAsync(1_000_000);
        await Promise.all(recorded);
        for (const session of ['a', 'b']) {
          const wanted = [...steps.keys()].filter((i) => steps[i]!.session === session).map(String);
          const { turns = [] } = (await inner.sessions.export(session)) ?? {};
          expect(turns.map(({ id }) => id)).toEqual(wanted);
        }
        expect(events.filter(({ type }) => type === 'dropped')).toEqual([]);
        await memory.close();
      },
    ),
    { numRuns: 50 },
  );
});

test('a turn recorded again while it waits, waits once', async () => {
  const { memory, script, ids } = setUp({ append: 'fail' });
  for (let i = 0; i < 3; i++) {
    expect(await memory.record(turn('one'), { opId: 'a' })).toBe('queued');
  }
  expect((await memory.stats()).queued).toBe(1);
  expect((await memory.recall({ sessionId: 's', query: '?' })).messages).toHaveLength(1);
  script['append'] = 'ok';
  await memory.flush();
  expect(await ids()).toEqual(['a']);
});

test('who records again what is being written gets the same answer', async () => {
  const { memory, ids } = setUp({ append: [{ delayMs: 1 }] });
  const results = [1, 2, 3].map(() => memory.record(turn('one'), { opId: 'a' }));
  expect(await Promise.all(results)).toEqual(['stored', 'stored', 'stored']);
  expect(await ids()).toEqual(['a']);
});

test('a turn too large for the outbox pushes nobody out', async () => {
  const { memory, events, script, ids } = setUp(
    { append: 'fail' },
    { outbox: { maxBytes: 1_000 } },
  );
  for (const opId of ['a', 'b', 'c']) await memory.record(turn(opId), { opId });
  expect(await memory.record(turn('x'.repeat(2_000)), { opId: 'large' })).toBe('dropped');
  expect(events.filter(({ type }) => type === 'dropped')).toEqual([
    { type: 'dropped', sessionId: 's', opId: 'large', reason: 'overflow' },
  ]);
  script['append'] = 'ok';
  await memory.flush();
  expect(await ids()).toEqual(['a', 'b', 'c']);
});

test('a turn too large for the outbox is stored all the same while the store keeps up', async () => {
  const { memory, ids } = setUp({}, { outbox: { maxBytes: 1_000 } });
  expect(await memory.record(turn('x'.repeat(2_000)), { opId: 'large' })).toBe('stored');
  expect(await ids()).toEqual(['large']);
});

test('bytes are bytes', async () => {
  const { memory } = setUp({ append: 'fail' });
  await memory.record(turn('天'.repeat(1_000)));
  expect((await memory.stats()).queuedBytes).toBeGreaterThan(3_000);
});

test('a turn that can’t be JSON is dropped, and nobody recalls it', async () => {
  const { memory } = setUp({ window: 'fail' });
  const spoilt = { role: 'user' as const, content: 'x', extra: 5n };
  expect(await memory.record({ sessionId: 's', messages: [spoilt] })).toBe('dropped');
  expect((await memory.recall({ sessionId: 's', query: '?' })).messages).toEqual([]);
});

test.each([
  [{ timeoutMs: Number.NaN }, RangeError],
  [{ timeoutMs: -1 }, RangeError],
  [{ timeoutMs: '5' }, TypeError],
  [null, TypeError],
])('flush and close refuse %j', async (options, error) => {
  const { memory } = setUp({});
  await expect(memory.flush(options as never)).rejects.toThrow(error);
  await expect(memory.close(options as never)).rejects.toThrow(error);
  expect(await memory.record(turn('still open'))).toBe('stored');
});

test('an aborted flush rejects with the reason, and the turns wait on', async () => {
  const { memory, script } = setUp({ append: 'fail' });
  await memory.record(turn('one'));
  const control = new AbortController();
  const flushed = memory.flush({ timeoutMs: Infinity, signal: control.signal });
  control.abort('enough');
  await expect(flushed).rejects.toBe('enough');
  expect(getEventListeners(control.signal, 'abort')).toEqual([]);
  await expect(memory.flush({ signal: control.signal })).rejects.toBe('enough');
  script['append'] = 'ok';
  expect(await memory.flush()).toEqual({ queued: 0 });
});

test('exports have what still waits', async () => {
  const { memory, script } = setUp({});
  const mine = { ...turn('stored'), userId: 'anna' };
  await memory.record({ ...mine, at: 1 }, { opId: 'a' });
  script['append'] = 'fail';
  await memory.record({ ...mine, at: 2 }, { opId: 'b' });
  await memory.record({ ...turn('gotcha'), userId: 'ben' }, { opId: 'c' });
  await memory.record({ ...mine, sessionId: 'new', at: 3 }, { opId: 'd' });
  await memory.record({ ...turn('his'), sessionId: 'x', userId: 'ben' }, { opId: 'e' });
  const { sessions } = await memory.exportUser('anna');
  expect(sessions.map(({ session, turns }) => [session, turns.map(({ id }) => id)])).toEqual([
    [
      { id: 's', userId: 'anna', archived: false, createdAt: 1, updatedAt: 2, turns: 2 },
      ['a', 'b'],
    ],
    [{ id: 'new', userId: 'anna', archived: false, createdAt: 3, updatedAt: 3, turns: 1 }, ['d']],
  ]);
  expect((await memory.sessions.export('new'))?.turns).toHaveLength(1);
  expect(await memory.sessions.export('none')).toBeUndefined();
  expect(await memory.sessions.delete('new')).toBe(true);
  expect(await memory.sessions.delete('new')).toBe(false);
});

test('deleting a user leaves nothing of hers that waits, and all of others', async () => {
  const { memory, script, inner } = setUp({});
  await memory.record({ ...turn('his'), userId: 'ben' }, { opId: 'a' });
  script['append'] = 'fail';
  await memory.record({ ...turn('gotcha'), userId: 'anna' }, { opId: 'b' });
  await memory.record(turn('nameless, his'), { opId: 'c' });
  await memory.record({ ...turn('hers'), sessionId: 'new', userId: 'anna' }, { opId: 'd' });
  await memory.record({ ...turn('nameless, hers'), sessionId: 'new' }, { opId: 'e' });
  await memory.deleteUser('anna');
  script['append'] = 'ok';
  expect(await memory.flush()).toEqual({ queued: 0 });
  expect((await inner.sessions.list()).map(({ id, turns }) => [id, turns])).toEqual([['s', 2]]);
});
