import { ValidationError } from '@kortana/errors';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { email, inRange, minLength, Validator, withValidation } from '../index.ts';

const shape = { name: minLength(2), age: inRange(0, 150) };

test('calls the function with good arguments only', () => {
  const save = vi.fn(
    (user: { name: string; age: number; extra?: boolean }, note: string) => `${user.name} ${note}`,
  );
  const guarded = withValidation(shape)(save);
  const user = { name: 'Ada', age: 36, extra: true };
  expect(guarded(user, 'x')).toBe('Ada x');
  expect(save.mock.calls[0]).toEqual([user, 'x']);
  expect(save.mock.calls[0]![0]).toBe(user);
  save.mockClear();
  expect(() => guarded({ name: 'A', age: 200 }, 'x')).toThrow(ValidationError);
  expect(save).not.toHaveBeenCalled();
});

test('names every bad field', () => {
  const guarded = withValidation(shape)(() => 1);
  expect(catchError(() => guarded({ name: 'A', age: 200 }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: 'name must be at least 2 characters; age must be between 0 and 150',
    issues: [
      { path: 'name', message: 'name must be at least 2 characters' },
      { path: 'age', message: 'age must be between 0 and 150' },
    ],
  });
  expect(catchError(() => guarded({ name: 'A', age: 20 }))).toMatchObject({
    code: 'VALIDATION_NAME',
    field: 'name',
  });
});

test.for([undefined, null, 'text', 5])(
  'a first argument that is no object has no good fields: %s',
  (first) => {
    const guarded = withValidation(shape)(() => 1);
    expect(catchError(() => guarded(first as never))).toMatchObject({
      issues: [{ path: 'name' }, { path: 'age' }],
    });
  },
);

test('reads fields that are inherited', () => {
  class User {
    get name() {
      return 'Ada';
    }
  }
  const user = new User();
  expect(withValidation({ name: minLength(2) })((given) => given)(user)).toBe(user);
});

test('judges arguments by their places', () => {
  const send = vi.fn((to: string, times: number, note?: string) => [to, times, note]);
  const guarded = withValidation([new Validator('to').isEmail(), inRange(1, 3)])(send);
  expect(guarded('a@b.de', 2, 'hi')).toEqual(['a@b.de', 2, 'hi']);
  expect(catchError(() => guarded('x', 9))).toMatchObject({
    issues: [
      { path: 'to', message: 'to must be a valid email address' },
      { path: 'args.1', message: 'args.1 must be between 1 and 3' },
    ],
  });
  expect(send).toHaveBeenCalledTimes(1);
});

test('takes predicates', () => {
  const guarded = withValidation({ name: (x: string) => x.length > 0 })(() => 'done');
  expect(guarded({ name: 'a' })).toBe('done');
  expect(catchError(() => guarded({} as never))).toMatchObject({ message: 'name must be valid' });
});

test('what schemas make of the arguments is what the function gets, the given object stays as it is', () => {
  const given = { at: '5', other: 1 };
  const guarded = withValidation({ at: z.coerce.number<string>() })(
    (got: { at: number; other: number }) => got,
  );
  expect(guarded(given)).toEqual({ at: 5, other: 1 });
  expect(given.at).toBe('5');
  expect(
    withValidation([z.string().default('x'), z.number()])((...args) => args)(undefined, 1),
  ).toEqual(['x', 1]);
});

test('an async function rejects, and is not called', async () => {
  const fn = vi.fn();
  const guarded = withValidation(shape)(async (user: { name: string; age: number }) => {
    fn();
    return user.name;
  });
  await expect(guarded({ name: 'A', age: 1 })).rejects.toBeInstanceOf(ValidationError);
  expect(fn).not.toHaveBeenCalled();
  await expect(guarded({ name: 'Ada', age: 1 })).resolves.toBe('Ada');
  await expect(withValidation([minLength(1)])(guarded as never)('')).rejects.toBeInstanceOf(
    ValidationError,
  );
});

test('keeps this, the name and the length', () => {
  const counter = {
    n: 1,
    add: withValidation([inRange(0, 9)])(function add(this: { n: number }, by: number) {
      return this.n + by;
    }),
  };
  expect(counter.add(2)).toBe(3);
  expect(counter.add.name).toBe('add');
  expect(counter.add).toHaveLength(1);
});

test('decorates a method as TC39 has it', () => {
  const decorate = withValidation([email()]);
  const method = function (this: { host: string }, to: string) {
    return `${to} via ${this.host}`;
  };
  const decorated = decorate(method, {
    kind: 'method',
    name: 'send',
  } as ClassMethodDecoratorContext);
  expect(decorated.call({ host: 'h' }, 'a@b.de')).toBe('a@b.de via h');
  expect(() => decorated.call({ host: 'h' }, 'x')).toThrow(ValidationError);
  expect(() => decorate(method, { kind: 'class', name: 'x' } as never)).toThrow(TypeError);
});

test('decorates a method as experimentalDecorators has it', () => {
  class Sender {
    host = 'h';
    send(to: string) {
      return `${to} via ${this.host}`;
    }
  }
  const before = Object.getOwnPropertyDescriptor(Sender.prototype, 'send')!;
  const after = withValidation([email()])(Sender.prototype, 'send', before);
  Object.defineProperty(Sender.prototype, 'send', after);
  expect(after.enumerable).toBe(false);
  expect(new Sender().send('a@b.de')).toBe('a@b.de via h');
  expect(() => new Sender().send('x')).toThrow(ValidationError);
});

test('refuses what is no shape or no function', () => {
  expect(() => withValidation(null as never)).toThrow(TypeError);
  expect(() => withValidation({ name: 3 } as never)).toThrow(TypeError);
  expect(() => withValidation({})(3 as never)).toThrow(TypeError);
});

function catchError(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('did not throw');
}
