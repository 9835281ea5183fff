import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateTokens } from '../text/estimate-tokens.ts';
import { toolGroups } from '../text/tool-groups.ts';
import type { StoredTurn } from '../turn.ts';
import { fitWindow } from './fit-window.ts';

const call = { id: 'c', name: 'f', arguments: '{}' };

const turns = fc.array(fc.array(fc.nat(300), { minLength: 1, maxLength: 4 })).map((shapes) =>
  shapes.map((shape, index): StoredTurn => {
    const rounds = shape.slice(1).flatMap((size) => [
      { role: 'assistant' as const, content: 'x'.repeat(size), toolCalls: [call] },
      { role: 'tool' as const, content: 'y'.repeat(size), toolCallId: 'c' },
    ]);
    const messages = [
      { role: 'user' as const, content: 'x'.repeat(shape[0]!) },
      ...rounds,
      { role: 'assistant' as const, content: 'done' },
    ];
    return { id: `${index}`, sessionId: 's', messages, at: index, kind: 'answer' };
  }),
);

const tail = (all: StoredTurn[], count: number) =>
  all.slice(all.length - count).flatMap((turn) => turn.messages);

test('stays within its limits, takes the newest whole turns, and splits no call from its result', () => {
  fc.assert(
    fc.property(turns, fc.nat(2_000), fc.nat(20), (all, maxTokens, maxMessages) => {
      const window = fitWindow(all.toReversed(), { maxTokens, maxMessages });
      const messages = window.flatMap((turn) => turn.messages);
      expect(estimateTokens(messages)).toBeLessThanOrEqual(maxTokens);
      expect(messages.length).toBeLessThanOrEqual(maxMessages);
      expect(toolGroups(messages).flat()).toEqual(messages);
      expect(window.map(({ id }) => id)).toEqual(
        all.slice(all.length - window.length).map(({ id }) => id),
      );
    }),
  );
});

test('takes as many whole turns as fit, and no turn in part beside another', () => {
  fc.assert(
    fc.property(turns, fc.nat(2_000), (all, maxTokens) => {
      let fitting = 0;
      while (fitting < all.length && estimateTokens(tail(all, fitting + 1)) <= maxTokens) fitting++;
      const window = fitWindow(all.toReversed(), { maxTokens, maxMessages: 1_000 });
      const messages = window.flatMap((turn) => turn.messages);
      const whole = fitting > 0 ? messages : [];
      expect(whole).toEqual(tail(all, fitting));
    }),
  );
});

test('reads no further than it must', () => {
  let read = 0;
  function* endless(): Generator<StoredTurn> {
    for (;;) {
      read++;
      yield {
        id: 'x',
        sessionId: 's',
        messages: [{ role: 'user', content: 'x' }],
        at: 0,
        kind: 'answer',
      };
    }
  }
  expect(fitWindow(endless(), { maxTokens: 1_000, maxMessages: 5 })).toHaveLength(5);
  expect(read).toBe(6);
});
