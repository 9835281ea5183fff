import { expect, test } from 'vitest';
import { copyMessage } from './copy-message.ts';

test('copies a message with all that is in it, and shares nothing', () => {
  const message = {
    role: 'user' as const,
    content: [{ type: 'text' as const, text: 'x' }],
    extra: { list: ['a', null, 5, [true]], none: undefined },
  };
  const copy = copyMessage(message) as typeof message;
  expect(copy).toStrictEqual(message);
  copy.content[0]!.text = 'y';
  copy.extra.list.length = 0;
  expect([message.content[0]!.text, message.extra.list.length]).toEqual(['x', 4]);
});
