import { brandErrorClass } from '../brand.ts';
import { KortanaError, type KortanaErrorOptions } from '../kortana-error.ts';
import { readInteger, readText } from '../read-option.ts';
import { isTransientStatus } from '../transient.ts';
import { derive } from './derive.ts';
import { errorCode } from './error-code.ts';

/** `recoverable` is by default what the status says: true for 408, 429, 500, 502, 503 and 504. */
export interface ServiceErrorOptions extends KortanaErrorOptions {
  /** The service that failed (`openai`). */
  serviceName?: string | undefined;
  /** The status of its reply, 100 to 999. */
  httpStatus?: number | undefined;
}

/** A service on the far side of a wire failed: high from status 500 up, else medium. */
export class ServiceError extends KortanaError {
  declare readonly serviceName?: string;
  declare readonly httpStatus?: number;

  static {
    brandErrorClass(this, 'ServiceError');
  }

  constructor(message: string, options?: ServiceErrorOptions) {
    const serviceName = readText(options, 'serviceName');
    const httpStatus = readStatus(options);
    const kind = {
      severity: httpStatus !== undefined && httpStatus >= 500 ? 'high' : 'medium',
      code: () => {
        const code = errorCode('SERVICE', serviceName, 'ERROR');
        return httpStatus === undefined ? code : `${code}_${httpStatus}`;
      },
      recoverable: isTransientStatus(httpStatus),
    } as const;
    super(message, derive(options, kind, true));
    if (serviceName !== undefined) this.serviceName = serviceName;
    if (httpStatus !== undefined) this.httpStatus = httpStatus;
  }
}

function readStatus(options: ServiceErrorOptions | undefined): number | undefined {
  const status = readInteger(options, 'httpStatus', 100);
  return status !== undefined && status <= 999 ? status : undefined;
}
