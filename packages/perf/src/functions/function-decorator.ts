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
    if (typeof context === 'string' || typeof context === 'symbol') {
      if (descriptor === undefined) throw notAFunction('property');
      if (!('value' in descriptor)) throw notAFunction('accessor');
      return { ...descriptor, value: wrap(asFunction(descriptor.value), String(context)) };
    }
    if (typeof context === 'object' && context !== null) {
      const { kind = 'unknown', name } = context as Partial<DecoratorContext>;
      if (kind !== 'method') throw notAFunction(kind);
      return wrap(asFunction(target), String(name));
    }
    // Whatever else comes with it: `handlers.map(timedExecution())` gives a number and the list.
    const fn = asFunction(target);
    return wrap(fn, fn.name || 'anonymous');
  };
  const asFunction = (value: unknown): Allowed => {
    if (typeof value === 'function') return value as Allowed;
    throw notAFunction(typeof value);
  };
  return decorate as FunctionDecorator<Extra, Allowed>;
}

function notAFunction(kind: string): TypeError {
  return new TypeError(`Expected a function or a method to decorate, got ${kind}`);
}
