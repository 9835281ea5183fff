import { expect, test } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

test.each([
  ['four ASCII characters a token, and four for the frame', 'x'.repeat(40), 14],
  ['a part of a token counts whole', 'x', 5],
  ['a token for each other character', '天气', 6],
])('%s', (_, content, tokens) => {
  expect(estimateTokens([{ role: 'user', content }])).toBe(tokens);
});

test('counts parts, images and tool calls', () => {
  const parts = [
    { type: 'text' as const, text: 'xxxx' },
    { type: 'image' as const, url: `data:${'x'.repeat(10_000)}` },
  ];
  expect(estimateTokens([{ role: 'user', content: parts }])).toBe(805);
  const toolCalls = [{ id: 'long id', name: 'name', arguments: '{"a":1}!' }];
  expect(estimateTokens([{ role: 'assistant', content: '', toolCalls }])).toBe(7);
});
