import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { derive } from './derive.ts';

/** `recoverable` is true by default. */
export interface MemoryErrorOptions extends KortanaErrorOptions {}

/** The store of a conversation's memory failed; recoverable unless told. */
export class MemoryError extends KortanaError {
  static {
    brandErrorClass(this, 'MemoryError');
  }

  constructor(message: string, options?: MemoryErrorOptions) {
    const kind = { severity: 'medium', code: () => 'MEMORY_ERROR', recoverable: true } as const;
    super(message, derive(options, kind, true));
  }
}
