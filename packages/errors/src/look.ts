import { readInteger, readNumber, readOption, readText } from './read-option.ts';

/** Of a list of errors or issues, so many are read. */
const widest = 1000;

interface Told {
  name?: string;
  message?: string;
  code?: string;
  status?: number;
  statusCode?: number;
  retryAfterMs?: number;
  errors?: unknown;
  issues?: unknown;
  cause?: unknown;
}

/** What anything that may be an error tells; what can't be read, or is of a wrong kind, isn't told. */
export function look(error: unknown) {
  const told = error as Told;
  const status = readInteger(told, 'status', 100) ?? readInteger(told, 'statusCode', 100);
  return {
    name: readText(told, 'name'),
    message: readText(told, 'message'),
    code: readText(told, 'code'),
    status: status !== undefined && status < 600 ? status : undefined,
    retryAfterMs: readNumber(told, 'retryAfterMs'),
    errors: readList(told, 'errors'),
    issues: readList(told, 'issues'),
    cause: readOption(told, 'cause'),
  };
}

function readList<T>(options: T, key: keyof T): unknown[] | undefined {
  const list = readOption(options, key);
  try {
    return Array.isArray(list) ? list.slice(0, widest) : undefined;
  } catch {
    return undefined; // a hostile proxy
  }
}
