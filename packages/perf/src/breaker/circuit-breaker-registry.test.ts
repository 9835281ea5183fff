import { expect, test } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitBreakerRegistry } from './circuit-breaker-registry.ts';

test('one breaker for each key, named by it, with the options of the registry', () => {
  const breakers = new CircuitBreakerRegistry({ failureThreshold: 1 });
  const breaker = breakers.get('a');
  expect(breakers.get('a')).toBe(breaker);
  expect(breakers.get('b')).not.toBe(breaker);
  expect(breaker.name).toBe('a');
  breaker.acquire().fail(new Error('down'));
  expect([breaker.state, breakers.get('b').state]).toEqual(['open', 'closed']);
});

test('a full one forgets the closed breaker that was not asked for the longest time', () => {
  const breakers = new CircuitBreakerRegistry({ maxBreakers: 2 });
  const [a, b] = [breakers.get('a'), breakers.get('b')];
  breakers.get('a');
  breakers.get('c');
  expect(breakers.size).toBe(2);
  expect(breakers.get('a')).toBe(a);
  expect(breakers.get('b')).not.toBe(b);
});

test('never forgets one that is not closed while a closed one is left', () => {
  const breakers = new CircuitBreakerRegistry({ maxBreakers: 3 });
  const open = breakers.get('open');
  open.open();
  const isolated = breakers.get('isolated');
  isolated.isolate();
  for (let key = 0; key < 10; key++) breakers.get(`closed ${key}`);
  expect(breakers.size).toBe(3);
  expect(breakers.get('open')).toBe(open);
  expect(breakers.get('isolated')).toBe(isolated);
});

test('stays bounded when none is closed', () => {
  const breakers = new CircuitBreakerRegistry({ maxBreakers: 2 });
  for (const key of ['a', 'b', 'c']) breakers.get(key).open();
  expect([...breakers.entries()].map(([key]) => key)).toEqual(['b', 'c']);
});

test('delete and entries', () => {
  const breakers = new CircuitBreakerRegistry();
  breakers.get('a');
  breakers.get('b');
  for (const [key] of breakers.entries()) expect(breakers.delete(key)).toBe(true);
  expect(breakers.delete('a')).toBe(false);
  expect(breakers.size).toBe(0);
});

test('what is changed in the caller’s options later changes nothing', () => {
  const failureRate = { threshold: 0.5, minimumCalls: 1, windowMs: 10 };
  const breakers = new CircuitBreakerRegistry({ failureThreshold: 9, failureRate });
  failureRate.threshold = Number.NaN;
  breakers.get('a').acquire().fail(new Error('down'));
  expect(breakers.get('a').state).toBe('open');
});

test('a name among the options is of no use: a key is one', () => {
  expect(new CircuitBreakerRegistry({ name: 'all' }).get('a').name).toBe('a');
});

test('one for each key, also when a listener asks for the same', () => {
  const clock = manualClock();
  const asked: CircuitBreaker[] = [];
  const breakers = new CircuitBreakerRegistry({
    maxBreakers: 1,
    clock,
    recoveryTimeoutMs: 1,
    onStateChange: ({ to }) => {
      if (to === 'half_open') asked.push(breakers.get('b'));
    },
  });
  breakers.get('a').open();
  clock.advance(1);
  const b = breakers.get('b');
  expect([asked.length, asked[0] === b, breakers.get('b') === b]).toEqual([1, true, true]);
  expect(breakers.size).toBe(1);
});

test('wrong options are told at construction', () => {
  expect(() => new CircuitBreakerRegistry(null as never)).toThrow('Expected `options`');
  expect(() => new CircuitBreakerRegistry({ maxBreakers: 0 })).toThrow(RangeError);
  expect(() => new CircuitBreakerRegistry({ failureThreshold: 0 })).toThrow(RangeError);
});
