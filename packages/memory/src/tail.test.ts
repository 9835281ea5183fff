import { expect, test } from 'vitest';
import { Tail } from './tail.ts';
import type { StoredTurn } from './turn.ts';

const turn = (id: string, rest: Partial<StoredTurn> = {}): StoredTurn => ({
  id,
  sessionId: 's',
  messages: [{ role: 'user', content: id }],
  at: 0,
  kind: 'answer',
  ...rest,
});
const newTail = () => new Tail({ maxTokens: 1_000, maxMessages: 3 });
const ids = (tail: Tail, sessionId = 's', userId?: string) =>
  tail.get({ sessionId, userId }).map(({ id }) => id);

test('keeps the newest turns of a session, each once', () => {
  const tail = newTail();
  for (const id of ['a', 'b', 'b', 'c', 'd']) tail.add(turn(id));
  expect(ids(tail)).toEqual(['b', 'c', 'd']);
});

test('keeps the thousand sessions last written to', () => {
  const tail = newTail();
  for (let i = 0; i < 1_000; i++) tail.add(turn('a', { sessionId: `${i}` }));
  tail.add(turn('b', { sessionId: '0' }));
  tail.add(turn('a', { sessionId: 'new' }));
  expect([ids(tail, '0'), ids(tail, '1'), ids(tail, '2')]).toEqual([['a', 'b'], [], ['a']]);
});

test('shows nobody a session with another user in it', () => {
  const tail = newTail();
  tail.add(turn('a', { userId: 'anna' }));
  tail.add(turn('b'));
  expect([ids(tail, 's', 'anna'), ids(tail), ids(tail, 's', 'ben')]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
    [],
  ]);
});

test('takes what the store has given, and keeps what came meanwhile', () => {
  const tail = newTail();
  tail.add(turn('old'));
  const refresh = tail.refresher({ sessionId: 's' });
  tail.add(turn('new'));
  refresh([turn('x'), turn('y')]);
  expect(ids(tail)).toEqual(['x', 'y', 'new']);
});

test('doesn’t bring back what was forgotten during a look at the store', () => {
  const tail = newTail();
  tail.add(turn('a'));
  const refresh = tail.refresher({ sessionId: 's' });
  tail.remove(() => true);
  refresh([turn('a')]);
  expect(ids(tail)).toEqual([]);
});

test('keeps no more than 64 Mi characters of all sessions, and always the newest one', () => {
  const tail = new Tail({ maxTokens: 2_000, maxMessages: 3 });
  const image = { type: 'image' as const, url: `data:${'x'.repeat(40 * 2 ** 20)}` };
  for (const sessionId of ['a', 'b']) {
    tail.add(turn('1', { sessionId, messages: [{ role: 'user', content: [image] }] }));
  }
  expect([ids(tail, 'a'), ids(tail, 'b')]).toEqual([[], ['1']]);
  tail.add(turn('1', { sessionId: 'c', messages: [{ role: 'user', content: [image, image] }] }));
  expect([ids(tail, 'b'), ids(tail, 'c')]).toEqual([[], ['1']]);
});

test('takes no turn for another user’s session, unless the store says that it is his', () => {
  const tail = newTail();
  tail.add(turn('a', { userId: 'anna' }));
  tail.add(turn('b', { userId: 'ben' }));
  tail.refresher({ sessionId: 's', userId: 'ben' })([]);
  expect([ids(tail, 's', 'anna'), ids(tail, 's', 'ben')]).toEqual([['a'], []]);
  tail.refresher({ sessionId: 's', userId: 'ben' })([turn('c', { userId: 'ben' })]);
  expect([ids(tail, 's', 'anna'), ids(tail, 's', 'ben')]).toEqual([[], ['c']]);
});

test('a session of which the store has nothing is forgotten', () => {
  const tail = newTail();
  tail.add(turn('a'));
  const refresh = tail.refresher({ sessionId: 's' });
  tail.add(turn('b'));
  refresh([]);
  expect(ids(tail)).toEqual(['b']);
});
