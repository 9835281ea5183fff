import { checkObject } from '@kortana/errors';
import type { RuleLike } from '../schema/rule-like.ts';
import { judgeFields, judgePlaces, type Judge } from './judge.ts';
import type { Accepted, Judged, Shape } from './shape.ts';

/** Guards a function, or decorates a method in the standard dialect and in the legacy one. */
export interface Guard<S extends Shape> {
  <This, Args extends [...Judged<S>, ...unknown[]], R>(
    fn: (this: This, ...args: Args) => R,
  ): (this: This, ...args: Accepted<S, Args>) => R;
  <F extends (...args: never[]) => unknown>(method: F, context: ClassMethodDecoratorContext): F;
  <F extends (...args: never[]) => unknown>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/**
 * Lets a function be called with good arguments only. A shape of names judges the fields of the first
 * argument, a list judges the arguments by their places; what transforming schemas make of them is
 * what the function gets, all else it gets as it came. Bad ones throw one ValidationError that names
 * every bad field (an `async function` rejects), and the function isn't called.
 *
 *     const createUser = withValidation({ name: minLength(1), age: inRange(0, 150) })(
 *       (user) => save(user.name, user.age),
 *     );
 *     class Users { @withValidation([email()]) invite(address: string) { … } }
 */
export function withValidation<const S extends Shape>(shape: S): Guard<S> {
  const rules: Shape = shape;
  const judge = isList(rules) ? judgePlaces(rules) : judgeFields(checkObject('shape', rules));
  const decorate = (target: unknown, context?: unknown, descriptor?: PropertyDescriptor) => {
    if (descriptor !== undefined) return { ...descriptor, value: guard(descriptor.value, judge) };
    if (context !== undefined && (context as DecoratorContext).kind !== 'method') {
      throw new TypeError(
        `Expected a method to decorate, got a ${(context as DecoratorContext).kind}`,
      );
    }
    return guard(target, judge);
  };
  return decorate as Guard<S>;
}

function guard(fn: unknown, judge: Judge) {
  if (!isFunction(fn)) throw new TypeError(`Expected a function to guard, got ${typeof fn}`);
  const guarded =
    fn instanceof AsyncFunction
      ? async function (this: unknown, ...args: unknown[]) {
          return Reflect.apply(fn, this, judge(args));
        }
      : function (this: unknown, ...args: unknown[]) {
          return Reflect.apply(fn, this, judge(args));
        };
  return Object.defineProperties(guarded, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
  });
}

const AsyncFunction = (async () => undefined).constructor;

function isList(shape: Shape): shape is readonly RuleLike[] {
  return Array.isArray(shape);
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
