import { type KortanaError, ValidationError } from '@kortana/errors';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { minLength, Validator } from './index.ts';

test('says all that is wrong, in the order of the rules', () => {
  const validator = new Validator('email').notEmpty().minLength(5).isEmail();
  expect(validator.validate('a@b.de')).toEqual([true, []]);
  expect(validator.validate('')).toEqual([
    false,
    [
      'email must not be empty',
      'email must be at least 5 characters',
      'email must be a valid email address',
    ],
  ]);
});

test('calls a value without a name `value`', () => {
  for (const validator of [new Validator(), new Validator(undefined), new Validator('')]) {
    expect(validator.minLength(3).validate('ab')).toEqual([
      false,
      ['value must be at least 3 characters'],
    ]);
  }
});

test('without rules lets everything through', () => {
  expect(new Validator().validate(undefined)).toEqual([true, []]);
});

test('takes every rule by its name', () => {
  const all = new Validator('f').maxLength(1).pattern(/^b/, 'a b').inRange(1, 2).oneOf(['x']);
  expect(all.validate('aa')[1]).toEqual([
    'f must be at most 1 character',
    'f must match a b',
    'f must be between 1 and 2',
    'f must be one of x',
  ]);
});

test('is not changed by its methods', () => {
  const base = new Validator('n').minLength(2);
  const strict = base.maxLength(3);
  const loose = base.optional();
  expect(base.validate('abcd')[0]).toBe(true);
  expect(strict.validate('abcd')[0]).toBe(false);
  expect(base.validate(undefined)[0]).toBe(false);
  expect(loose.validate(undefined)[0]).toBe(true);
});

test('optional lets undefined through, not null, wherever it stands in the chain', () => {
  for (const validator of [
    new Validator().optional().minLength(2),
    new Validator().minLength(2).optional(),
  ]) {
    expect(validator.validate(undefined)).toEqual([true, []]);
    expect(validator.parse(undefined)).toBeUndefined();
    expect(validator.validate(null)[0]).toBe(false);
    expect(validator.validate('a')[0]).toBe(false);
  }
});

test('parse gives a good value back, the very same', () => {
  const value = { a: 1 };
  expect(new Validator().notEmpty().parse(value)).toBe(value);
});

test('parse throws one error that names the field and all issues', () => {
  const validator = new Validator('email').minLength(5).isEmail();
  const error = catchError(() => validator.parse('x'));
  expect(error).toBeInstanceOf(ValidationError);
  expect(error).toMatchObject({
    field: 'email',
    code: 'VALIDATION_EMAIL',
    recoverable: false,
    message: 'email must be at least 5 characters; email must be a valid email address',
    issues: [
      { path: 'email', message: 'email must be at least 5 characters' },
      { path: 'email', message: 'email must be a valid email address' },
    ],
  });
  expect(catchError(() => new Validator().minLength(1).parse(''))).toMatchObject({
    field: 'value',
    issues: [{ path: 'value' }],
  });
});

test('the value is in no message', () => {
  const secret = 'hunter2hunter2';
  const validator = new Validator('password')
    .maxLength(3)
    .pattern(/^\d$/)
    .oneOf(['a'])
    .isEmail()
    .addRule(z.literal('b'))
    .addRule(() => false);
  const error = catchError(() => validator.parse(secret));
  expect(JSON.stringify(error) + String(error) + (error as KortanaError).stack).not.toContain(
    'hunter2',
  );
});

test('takes a predicate, with words of its own or without', () => {
  const even = (value: number) => value % 2 === 0;
  expect(new Validator('n').addRule(even).validate(3)).toEqual([false, ['n must be valid']]);
  expect(new Validator('n').addRule(even, 'must be even').validate(3)).toEqual([
    false,
    ['n must be even'],
  ]);
  expect(new Validator('n').addRule(even, 'n is odd').validate(3)).toEqual([false, ['n is odd']]);
  expect(new Validator('n').addRule(even, 'Odd numbers are out').validate(3)).toEqual([
    false,
    ['n: Odd numbers are out'],
  ]);
  expect(new Validator('n').addRule(even).validate(4)).toEqual([true, []]);
});

test('a predicate that throws says no', () => {
  expect(new Validator().addRule((value: string) => value.length > 1).validate(undefined)[0]).toBe(
    false,
  );
});

test('a predicate that answers with a promise is refused, and its rejection is nobody’s', async () => {
  const validator = new Validator().addRule(async () => {
    throw new Error('later');
  });
  expect(() => validator.validate(1)).toThrow(TypeError);
  expect(() => validator.parse(1)).toThrow('Expected a rule that answers at once');
});

test('takes a rule, with words of its own', () => {
  expect(new Validator('n').addRule(minLength(2), 'must be longer').validate('a')).toEqual([
    false,
    ['n must be longer'],
  ]);
  expect(new Validator('n').addRule(minLength(2)).validate('a')).toEqual([
    false,
    ['n must be at least 2 characters'],
  ]);
});

test('takes another Validator', () => {
  const name = new Validator('name').minLength(2);
  expect(new Validator('nick').addRule(name).maxLength(0).validate('a')[1]).toEqual([
    'nick must be at least 2 characters',
    'nick must be at most 0 characters',
  ]);
});

test('takes a zod schema, and puts what zod says into the one shape', () => {
  const user = z.object({
    name: z.string().min(2),
    tags: z.array(minLength(3)),
    age: z.number('Age, please'),
  });
  const validator = new Validator('user').addRule(user).addRule(() => false, 'must be known');
  const [, errors] = validator.validate({ name: 'a', tags: ['abc', 'x'], age: 'old' });
  expect(errors).toEqual([
    'user.name must be at least 2 characters',
    'user.tags.1 must be at least 3 characters',
    'user.age: Age, please',
    'user must be known',
  ]);
  expect(new Validator('user').addRule(user, 'must be a user').validate(1)[1]).toEqual([
    'user must be a user',
  ]);
});

test('what a schema makes of a value is what the next rule gets', () => {
  const validator = new Validator()
    .addRule(z.string().trim())
    .minLength(2)
    .addRule(z.string().transform(Number))
    .inRange(0, 50);
  expect(validator.parse(' 42 ')).toBe(42);
  expect(validator.validate(' 4 ')[1]).toEqual(['value must be at least 2 characters']);
  expect(validator.validate('99')[1]).toEqual(['value must be between 0 and 50']);
});

test('takes a schema of any other library', () => {
  const even = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) =>
        value === 2
          ? { value: 'two' }
          : { issues: [{ message: 'must be two', path: ['a', { key: 'b' }] }] },
    },
  } as const;
  const validator = new Validator('n').addRule(even);
  expect(validator.parse(2)).toBe('two');
  expect(validator.validate(3)[1]).toEqual(['n.a.b must be two']);
});

test('refuses a schema that needs to wait', () => {
  expect(() => new Validator().addRule(z.string().refine(async () => true)).validate('a')).toThrow(
    TypeError,
  );
  expect(() => new Validator().addRule(7 as never)).toThrow(TypeError);
  expect(() => new Validator(7 as never)).toThrow(TypeError);
});

test('is a zod schema and a Standard Schema itself', () => {
  const mail = new Validator('mail').isEmail();
  expect(mail.toSchema()).toBe(mail.toSchema());
  expect(mail.toSchema().safeParse('x').error?.issues[0]).toMatchObject({
    path: [],
    message: 'mail must be a valid email address',
  });
  expect(mail['~standard'].validate('x')).toMatchObject({
    issues: [{ message: 'mail must be a valid email address' }],
  });
  expect(mail['~standard'].validate('a@b.de')).toEqual({ value: 'a@b.de' });
  const form = z.object({ to: mail, cc: mail.optional() });
  expect(form.parse({ to: 'a@b.de' })).toEqual({ to: 'a@b.de' });
  expect(form.safeParse({ to: 'x', cc: null }).error?.issues).toMatchObject([
    { path: ['to'], message: 'to must be a valid email address' },
    { path: ['cc'], message: 'cc must be a valid email address' },
  ]);
});

function catchError(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('did not throw');
}
