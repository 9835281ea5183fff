import { maskSecrets } from './masking/mask-secrets.ts';
import type { PlainRecord, PlainValue } from './masking/plain-value.ts';
import type { ErrorSeverity } from './severity.ts';

/** An error as plain data: bounded, without cycles, its secrets masked. */
export interface SerializedError {
  name: string;
  code: string;
  message: string;
  severity: ErrorSeverity;
  recoverable: boolean;
  retryAfterMs?: number;
  /** Of a ValidationError: all that is wrong. */
  issues?: { path: string; message: string }[];
  context: PlainRecord;
  /** Of an error likewise (those of others have a `name` and a `message` at least). */
  cause?: PlainValue;
  /** The errors that an AggregateError holds. */
  errors?: PlainValue[];
}

/** What `toJSON` of every KortanaError gives. */
export function serializeError(error: Error): SerializedError {
  return maskSecrets(error) as unknown as SerializedError;
}
