import { ServiceError, TimeoutError } from '@kortana/errors';
import { knownError } from './known-error.ts';

/** What an error of a model means for what happens next. */
export interface Verdict {
  /** Whether it counts against the model; `'persistent'`: only when it comes again. */
  readonly counts: boolean | 'persistent';
  /** Whether the same model is asked again. */
  readonly again: boolean;
  /** Whether another model is asked: any, none, or only one with other credentials. */
  readonly elsewhere: 'any' | 'none' | 'other-credentials';
}

const passedOn: Verdict = { counts: false, again: false, elsewhere: 'none' };
const refused: Verdict = { counts: false, again: false, elsewhere: 'other-credentials' };
const blameless: Verdict = { counts: false, again: false, elsewhere: 'any' };
/** The far side says itself that it may be asked again (`x-should-retry`, 425). */
const asked: Verdict = { counts: false, again: true, elsewhere: 'any' };
const silent: Verdict = { counts: true, again: false, elsewhere: 'any' };
const limited: Verdict = { counts: 'persistent', again: true, elsewhere: 'any' };
const broken: Verdict = { counts: true, again: false, elsewhere: 'any' };
const passing: Verdict = { counts: true, again: true, elsewhere: 'any' };

const byCode: Record<string, Verdict> = {
  /** The caller's own never comes here: the model gave up by itself. */
  ABORTED: blameless,
  CIRCUIT_OPEN: blameless,
  CONTEXT_LENGTH: blameless,
  CONTENT_POLICY: passedOn,
  STREAM_DIVERGED: passedOn,
};

/**
 * The rules of the house. What the request is to blame for is passed on; what the credentials are
 * to blame for may go elsewhere with others; what the model is to blame for counts against it.
 */
export function verdictOn(error: unknown): Verdict {
  const known = knownError(error);
  const named = byCode[known.code];
  if (named !== undefined) return named;
  if (known.code.startsWith('CONFIG_')) return refused;
  if (known.code.startsWith('VALIDATION_')) return passedOn;
  if (TimeoutError.isInstance(known)) return silent;
  if (ServiceError.isInstance(known) && known.httpStatus !== undefined) {
    return verdictOnStatus(known.httpStatus, known.recoverable);
  }
  return known.recoverable ? passing : broken;
}

function verdictOnStatus(status: number, recoverable: boolean): Verdict {
  // A 429 that isn't recoverable is a quota that is used up: other credentials have another one.
  if (status === 429) return recoverable ? limited : refused;
  if (status === 401 || status === 403) return refused;
  if (status >= 400 && status < 500 && status !== 408) return recoverable ? asked : passedOn;
  return recoverable ? passing : broken;
}
