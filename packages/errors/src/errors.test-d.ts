import { expectTypeOf } from 'vitest';
import {
  checkFunction,
  checkOneOf,
  ErrorContext,
  type ErrorSeverity,
  KortanaError,
  ServiceError,
  TimeoutError,
} from './index.ts';

declare const caught: unknown;

// Each class narrows to itself, one of the user's too.
class QuotaError extends ServiceError {
  readonly quota = 1;
}
if (KortanaError.isInstance(caught)) expectTypeOf(caught).toEqualTypeOf<KortanaError>();
if (ServiceError.isInstance(caught))
  expectTypeOf(caught.httpStatus).toEqualTypeOf<number | undefined>();
if (QuotaError.isInstance(caught)) expectTypeOf(caught.quota).toEqualTypeOf<number>();

expectTypeOf<ErrorSeverity>().toEqualTypeOf<'low' | 'medium' | 'high' | 'critical'>();

// @ts-expect-error -- a timeout is always recoverable
export const wrong = new TimeoutError('x', { recoverable: false });
export const fine = new ServiceError('x', { recoverable: undefined, httpStatus: undefined });

// A run gives what its function gives; undefined too where failures are not thrown on.
const raising = new ErrorContext({ operation: 'x' });
expectTypeOf(raising.run(() => 1)).toEqualTypeOf<number>();
expectTypeOf(raising.run(async () => 1)).toEqualTypeOf<Promise<number>>();
const quiet = new ErrorContext({ operation: 'x', raiseOnError: false });
expectTypeOf(quiet.run(() => 1)).toEqualTypeOf<number | undefined>();
expectTypeOf(quiet.run(async () => 1)).toEqualTypeOf<Promise<number | undefined>>();

expectTypeOf(checkOneOf('jitter', caught, ['none', 'full'])).toEqualTypeOf<'none' | 'full'>();
expectTypeOf(checkFunction('key', (n: number) => n)).toEqualTypeOf<(n: number) => number>();
