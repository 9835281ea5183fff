import { expect, test } from 'vitest';
import { costOf } from './cost-of.ts';
import { defaultPrices } from './prices.ts';

const usage = { inputTokens: 1_000_000, outputTokens: 500_000, totalTokens: 1_500_000 };

test('multiplies tokens by the price of a million', () => {
  expect(costOf({ provider: 'openai', model: 'gpt-4o', usage })).toBe(2.5 + 5);
});

test('takes cached input at its own price', () => {
  const cached = { ...usage, cachedInputTokens: 400_000 };
  expect(costOf({ provider: 'openai', model: 'gpt-4o', usage: cached })).toBeCloseTo(
    0.6 * 2.5 + 0.4 * 1.25 + 5,
    10,
  );
});

test('never takes more for cached than was sent', () => {
  const odd = { ...usage, cachedInputTokens: 2_000_000 };
  expect(costOf({ provider: 'openai', model: 'gpt-4o', usage: odd })).toBe(1.25 + 5);
});

test('knows a dated snapshot by its model', () => {
  expect(costOf({ provider: 'openai', model: 'gpt-4o-2024-08-06', usage })).toBe(7.5);
});

test('says nothing rather than guess', () => {
  expect(costOf({ provider: 'openai', model: 'gpt-4o-audio-preview', usage })).toBeUndefined();
  expect(costOf({ provider: 'groq', model: 'gpt-4o', usage })).toBeUndefined();
  expect(costOf({ provider: 'openai', model: 'gpt-4o' })).toBeUndefined();
  expect(costOf({ provider: 'constructor', model: 'name', usage })).toBeUndefined();
  expect(costOf({ provider: 'openai', model: 'toString', usage })).toBeUndefined();
});

test('costs nothing offline', () => {
  expect(costOf({ provider: 'offline', model: 'kortana-offline', usage })).toBe(0);
});

test('takes the table that it is given', () => {
  const table = { asOf: '2030-01-01', prices: { mine: { m: { input: 1, output: 2 } } } };
  expect(
    costOf({ provider: 'mine', model: 'm', usage: { ...usage, cachedInputTokens: 7 } }, table),
  ).toBe(2);
});

test('says of which day its prices are', () => {
  expect(defaultPrices.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
