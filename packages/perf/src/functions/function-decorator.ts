export type AnyFunction = (...args: never[]) => unknown;

/** Wraps functions (`wrap(fn)`), and decorates methods in the standard dialect and in the legacy one. */
export interface FunctionDecorator<Extra = unknown, Allowed extends AnyFunction = AnyFunction> {
  <F extends Allowed>(fn: F): F & Extra;
  <F extends Allowed>(method: F, context: ClassMethodDecoratorContext): F & Extra;
  <F extends Allowed>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/**
 * One function for the three ways to use a decorator: around a function, on a method as TC39 has it
 * (`method, context`), on a method as TypeScript's `experimentalDecorators` has it (`prototype, name,
 * descriptor`).
 *
 * @param wrap given the function, and the name it is known by
 */
export function functionDecorator<Extra, Allowed extends AnyFunction = AnyFunction>(
  wrap: <F extends Allowed>(fn: F, name: string) => F & Extra,
): FunctionDecorator<Extra, Allowed> {
  const decorate = (target: unknown, context?: unknown, descriptor?: PropertyDescriptor) => {
    if (descriptor !== undefined) {
      const value = wrap(checkMethod(descriptor.value), String(context));
      return { ...descriptor, value };
    }
    if (context === undefined) return wrap(checkMethod(target), nameOf(target));
    const { kind, name } = context as DecoratorContext;
    if (kind !== 'method') {
      throw new TypeError(`Expected a method or a function to decorate, got a ${kind}`);
    }
    return wrap(checkMethod(target), String(name));
  };
  const checkMethod = (value: unknown): Allowed => {
    if (typeof value === 'function') return value as Allowed;
    throw new TypeError(`Expected a method or a function to decorate, got ${typeof value}`);
  };
  return decorate as FunctionDecorator<Extra, Allowed>;
}

function nameOf(fn: unknown): string {
  return (fn as { name?: string }).name || 'anonymous';
}
