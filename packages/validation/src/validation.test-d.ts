import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  email,
  inRange,
  minLength,
  notEmpty,
  oneOf,
  validateType,
  Validator,
  withValidation,
} from './index.ts';

const text = new Validator('name').notEmpty().minLength(3);
expectTypeOf(text).toEqualTypeOf<Validator<string>>();
expectTypeOf(text.optional()).toEqualTypeOf<Validator<string | undefined>>();
expectTypeOf(text.parse('x')).toEqualTypeOf<string>();
expectTypeOf(text.toSchema()).toExtend<z.ZodType<string>>();
expectTypeOf(new Validator().optional().minLength(1).parse('x')).toEqualTypeOf<
  string | undefined
>();
expectTypeOf(new Validator().oneOf(['a', 'b']).parse('a')).toEqualTypeOf<'a' | 'b'>();
expectTypeOf(new Validator().inRange(0, 1).optional().parse(1)).toEqualTypeOf<number | undefined>();
expectTypeOf(new Validator().addRule(z.object({ a: z.number() })).parse(1)).toEqualTypeOf<{
  a: number;
}>();
expectTypeOf(
  new Validator().addRule((v: unknown): v is Date => v instanceof Date).parse(1),
).toEqualTypeOf<Date>();

const user = z.object({ name: minLength(3), mail: text.isEmail(), kind: oneOf(['a', 'b']) });
expectTypeOf<z.infer<typeof user>>().toEqualTypeOf<{
  name: string;
  mail: string;
  kind: 'a' | 'b';
}>();

const createUser = withValidation({ name: minLength(1), age: inRange(0, 150) })((who) => {
  expectTypeOf(who).toEqualTypeOf<{ name: string; age: number }>();
  return who.name.length + who.age;
});
expectTypeOf(createUser).returns.toEqualTypeOf<number>();
createUser({ name: 'a', age: 1 });
// @ts-expect-error -- a field is missing
createUser({ name: 'a' });

const more = withValidation({ name: minLength(1), nick: text.optional() })(
  async (who: { name: string; nick?: string; extra: Date }, loud: boolean) =>
    loud ? who.extra : who.name,
);
expectTypeOf(more).toEqualTypeOf<
  (who: { name: string; nick?: string; extra: Date }, loud: boolean) => Promise<Date | string>
>();

const less = withValidation({ name: minLength(1), age: inRange(0, 1) })(
  (who: { name: string }) => who.name,
);
less({ name: 'a', age: 1 });

// @ts-expect-error -- the rule lets strings through, the function wants a number
withValidation({ name: minLength(1) })((who: { name: number }) => who);

const byPlace = withValidation([email(), inRange(0, 9)])((to, times) => {
  expectTypeOf(to).toEqualTypeOf<string>();
  expectTypeOf(times).toEqualTypeOf<number>();
  return true;
});
byPlace('a@b.de', 3);

const coerced = withValidation({ at: z.coerce.date<string>() })((event) => event.at.getTime());
coerced({ at: '2026-01-01' });

withValidation({ name: (value: string) => value.length > 0 })((who) => {
  expectTypeOf(who.name).toEqualTypeOf<string>();
});

class Users {
  @withValidation([email()])
  invite(address: string): boolean {
    return address.length > 0;
  }

  @withValidation({ name: notEmpty() })
  async create(_who: { name: string }): Promise<void> {}
}
expectTypeOf(new Users().invite).toEqualTypeOf<(address: string) => boolean>();

const value: unknown = 1;
if (validateType(value, 'string')) expectTypeOf(value).toEqualTypeOf<string>();
if (validateType(value, Date)) expectTypeOf(value).toEqualTypeOf<Date>();
if (validateType(value, user)) expectTypeOf(value.kind).toEqualTypeOf<'a' | 'b'>();
if (validateType(value, minLength(2))) expectTypeOf(value).toEqualTypeOf<string>();
if (validateType(value, String)) expectTypeOf(value).toEqualTypeOf<string>();
// What the schema takes, not what it makes of it: the value stays as it is.
if (validateType(value, z.string().transform(Number))) expectTypeOf(value).toEqualTypeOf<string>();
