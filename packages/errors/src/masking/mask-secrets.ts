import { PlainCopy } from './plain-copy.ts';
import type { PlainValue } from './plain-value.ts';

/**
 * A plain copy of any value, for logs and wires: secrets masked by the names of fields and headers
 * and within texts (`isSecretKey`, `maskText`); errors with their causes; cycles, functions and what
 * can't be read named in brackets. At most 8 levels, 100 fields an object, 2000 values in all and 4096
 * characters a text are kept. Never throws.
 */
export function maskSecrets(value: unknown): PlainValue {
  return new PlainCopy().of(value);
}
