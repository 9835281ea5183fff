import { beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { ErrorContext } from './index.ts';

const boom = new Error('boom');
const fail = () => {
  throw boom;
};

describe('gives what the function gives', () => {
  test('a value', () => {
    expect(new ErrorContext({ operation: 'x' }).run(() => 5)).toBe(5);
  });
  test('a promise', async () => {
    const result = new ErrorContext({ operation: 'x' }).run(async () => 5);
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe(5);
  });
});

describe('on failure', () => {
  test('remembers, tells, and throws on the very same', async () => {
    const onError = vi.fn();
    const context = new ErrorContext({ operation: 'load', onError });
    expect(() => context.run(fail)).toThrow(boom);
    expect(context.error).toBe(boom);
    await expect(context.run(async () => fail())).rejects.toBe(boom);
    expect(onError.mock.calls).toEqual([[boom], [boom]]);
    expect(context.operation).toBe('load');
  });

  test('gives undefined if told not to raise', async () => {
    const context = new ErrorContext({ operation: 'x', raiseOnError: false });
    expect(context.run(fail)).toBeUndefined();
    expect(context.error).toBe(boom);
    expect(await context.run(async () => fail())).toBeUndefined();
    expect(context.error).toBe(boom);
  });

  test('a thrown undefined is told from success by `failed`', () => {
    const context = new ErrorContext({ operation: 'x', raiseOnError: false });
    expect(context.failed).toBe(false);
    context.run(() => {
      throw undefined;
    });
    expect(context.error).toBeUndefined();
    expect(context.failed).toBe(true);
  });
});

test('a run that succeeds leaves no error', async () => {
  const context = new ErrorContext({ operation: 'x', raiseOnError: false });
  context.run(fail);
  context.run(() => 1);
  expect(context.error).toBeUndefined();
  context.run(fail);
  await context.run(async () => 1);
  expect(context.error).toBeUndefined();
  expect(context.failed).toBe(false);
});

describe('an onError that fails changes nothing, and is reported', () => {
  let emitWarning: MockInstance<typeof process.emitWarning>;
  beforeEach(() => {
    emitWarning = vi.spyOn(process, 'emitWarning').mockReturnValue();
  });

  test.for([
    () => {
      throw new Error('hook');
    },
    () => Promise.reject(new Error('hook')),
  ])('%#', async (onError) => {
    const context = new ErrorContext({ operation: 'x', onError });
    expect(() => context.run(fail)).toThrow(boom);
    await Promise.resolve();
    await Promise.resolve();
    expect(emitWarning.mock.calls).toEqual([
      ['`onError` failed: hook', expect.objectContaining({ type: 'KortanaWarning' })],
    ]);
  });
});

test.for([
  [undefined, TypeError],
  [{}, TypeError],
  [{ operation: 'x', onError: 1 }, TypeError],
  [{ operation: 'x', raiseOnError: 'no' }, TypeError],
] as const)('%#: refuses wrong options', ([options, kind]) => {
  expect(() => new ErrorContext(options as never)).toThrow(kind);
});

test('refuses what is no function', () => {
  expect(() => new ErrorContext({ operation: 'x' }).run(5 as never)).toThrow(TypeError);
});
