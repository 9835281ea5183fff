import { brandErrorClass, ServiceError } from '@kortana/errors';

/**
 * A breaker refused the call: nothing was called. Recoverable: a later try may get through.
 *
 * It has no stack frames: they would say where a healthy caller stood, not what failed, and to take
 * them is most of what a refusal costs, at the very time when there are many.
 */
export class CircuitOpenError extends ServiceError {
  readonly breakerName: string;
  declare readonly serviceName: string;
  /** How long to wait until a call may get through; 0: not known (probes are under way, isolated). */
  declare readonly retryAfterMs: number;

  static {
    brandErrorClass(this, 'CircuitOpenError');
  }

  constructor(breakerName: string, retryAfterMs = 0) {
    // Like every error it can be made with anything.
    const name = typeof breakerName === 'string' ? breakerName : '';
    const isKnown = Number.isFinite(retryAfterMs) && retryAfterMs > 0;
    const wait = isKnown ? `try again in ${Math.ceil(retryAfterMs)} ms` : 'try again later';
    const framesWanted = Error.stackTraceLimit;
    Reflect.set(Error, 'stackTraceLimit', 0); // where `Error` is frozen it stays as it is
    super(`The circuit \`${name}\` is open: ${wait}`, {
      code: 'CIRCUIT_OPEN',
      recoverable: true,
      retryAfterMs: isKnown ? retryAfterMs : 0,
    });
    Reflect.set(Error, 'stackTraceLimit', framesWanted);
    this.breakerName = name;
    // Not told to the constructor above, which would make a code of it.
    this.serviceName = name;
  }
}
