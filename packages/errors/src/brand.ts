/** The brand of an error class: in the global registry, so that every copy of a package has the same. */
const brands = new WeakMap<object, symbol>();

/**
 * Gives an error class its name and a brand, by which `isInstance` knows its errors even when they
 * come from another copy of the package (two versions installed, a bundle beside node_modules).
 * For authors of packages; call it in the class's static block:
 *
 *     static { brandErrorClass(this, 'CircuitOpenError'); }
 *
 * Both live on the prototype: they cost nothing per error, survive minifiers, and the stack's first
 * line has the right name. A class without a brand is known by `instanceof` alone.
 */
export function brandErrorClass(
  target: { readonly prototype: Error; readonly name: string },
  name: string,
): void {
  const brand = Symbol.for(`@kortana/errors/${name}`);
  brands.set(target, brand);
  Object.defineProperty(target.prototype, brand, { value: true });
  nameErrorClass(target, name);
}

/** A class of the user's that was given no name yet gets its own one. */
export function nameErrorClass(
  target: { readonly prototype: Error; readonly name: string },
  name = target.name,
): void {
  // `Reflect`, because a frozen prototype must not make the making of an error fail.
  Reflect.defineProperty(target.prototype, 'name', {
    value: name,
    writable: true,
    configurable: true,
  });
}

/** Whether `value` was made by `target`, a subclass of it, or the same class of another copy. */
export function isBranded(value: unknown, target: abstract new (...args: never[]) => unknown) {
  if (typeof value !== 'object' || value === null) return false;
  try {
    if (value instanceof target) return true;
    const brand = brands.get(target);
    return brand !== undefined && Reflect.get(value, brand) === true;
  } catch {
    return false; // a revoked or hostile proxy
  }
}
