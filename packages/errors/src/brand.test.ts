import { expect, test, vi } from 'vitest';
import { brandErrorClass, KortanaError, ServiceError, TimeoutError } from './index.ts';

test('a class knows its own errors and those of its subclasses', () => {
  const error = new ServiceError('x');
  expect(ServiceError.isInstance(error)).toBe(true);
  expect(KortanaError.isInstance(error)).toBe(true);
  expect(TimeoutError.isInstance(error)).toBe(false);
  expect(ServiceError.isInstance(new KortanaError('x'))).toBe(false);
});

test('a subclass of the user answers for its own', () => {
  class MineError extends ServiceError {}
  class OtherError extends ServiceError {}
  expect(MineError.isInstance(new MineError('x'))).toBe(true);
  expect(MineError.isInstance(new OtherError('x'))).toBe(false);
  expect(MineError.isInstance(new ServiceError('x'))).toBe(false);
  expect(ServiceError.isInstance(new MineError('x'))).toBe(true);
});

test('errors of another copy of the package are known', async () => {
  vi.resetModules();
  const copy = await import('./index.ts');
  const error = new copy.ServiceError('x');
  expect(error).not.toBeInstanceOf(ServiceError);
  expect(ServiceError.isInstance(error)).toBe(true);
  expect(KortanaError.isInstance(error)).toBe(true);
  expect(TimeoutError.isInstance(error)).toBe(false);
  class MineError extends ServiceError {}
  expect(MineError.isInstance(error)).toBe(false);
});

test('so are those of a branded class in two copies of its own package', () => {
  const make = () =>
    class extends ServiceError {
      static {
        brandErrorClass(this, 'CircuitOpenError');
      }
    };
  const [One, Other] = [make(), make()];
  expect(One.isInstance(new Other('x'))).toBe(true);
  expect(new One('x').name).toBe('CircuitOpenError');
});

test.for([null, undefined, 0, 'x', {}, new Error('x'), Proxy.revocable({}, {}).proxy])(
  'nothing else is one: %#',
  (value) => {
    expect(KortanaError.isInstance(value)).toBe(false);
  },
);

test('a revoked proxy is none, and throws nothing', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(KortanaError.isInstance(proxy)).toBe(false);
});
