import { expect, test } from 'vitest';
import { KortanaError } from './kortana-error.ts';

test('is neither severe nor worth a retry unless told', () => {
  expect(new KortanaError('boom')).toMatchObject({
    name: 'KortanaError',
    code: 'KORTANA_ERROR',
    severity: 'medium',
    recoverable: false,
    context: {},
  });
});
