import { expect, test } from 'vitest';
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

test('wrong options are told at construction', () => {
  expect(() => new CircuitBreakerRegistry({ maxBreakers: 0 })).toThrow(RangeError);
  expect(() => new CircuitBreakerRegistry({ failureThreshold: 0 })).toThrow(RangeError);
});
