import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { readText } from '../read-option.ts';
import { derive } from './derive.ts';
import { errorCode } from './error-code.ts';

/** `recoverable` is true by default. */
export interface ModelErrorOptions extends KortanaErrorOptions {
  /** The model that failed (`gpt-4o`). */
  modelName?: string | undefined;
}

/** A model answered wrongly or not at all; recoverable unless told. */
export class ModelError extends KortanaError {
  declare readonly modelName?: string;

  static {
    brandErrorClass(this, 'ModelError');
  }

  constructor(message: string, options?: ModelErrorOptions) {
    const modelName = readText(options, 'modelName');
    const code = () => errorCode('MODEL', modelName, 'ERROR');
    super(message, derive(options, { severity: 'medium', code, recoverable: true }, true));
    if (modelName !== undefined) this.modelName = modelName;
  }
}
