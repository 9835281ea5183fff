import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { readText } from '../read-option.ts';
import { derive } from './derive.ts';
import { errorCode } from './error-code.ts';

export interface ConfigurationErrorOptions extends Omit<KortanaErrorOptions, 'recoverable'> {
  /** The setting that is missing or wrong, as the user knows it (`OPENAI_API_KEY`). */
  configKey?: string | undefined;
}

/** Something is set up wrongly: high, and trying again won't help. */
export class ConfigurationError extends KortanaError {
  declare readonly configKey?: string;

  static {
    brandErrorClass(this, 'ConfigurationError');
  }

  constructor(message: string, options?: ConfigurationErrorOptions) {
    const configKey = readText(options, 'configKey');
    const code = () => errorCode('CONFIG', configKey, 'INVALID');
    super(message, derive(options, { severity: 'high', code, recoverable: false }));
    if (configKey !== undefined) this.configKey = configKey;
  }
}
