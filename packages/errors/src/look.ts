import { readOption, readText } from './read-option.ts';

/** Of an aggregate, so many errors are looked at. */
const widest = 100;

/** What an object tells that may be an error; what a getter throws, or is of a wrong kind, is not told. */
export function look(error: unknown) {
  const told = error as Record<
    'status' | 'errors' | 'issues' | 'code' | 'name' | 'message',
    string
  >;
  const status: unknown = readOption(told, 'status');
  return {
    name: readText(told, 'name'),
    message: readText(told, 'message'),
    code: readText(told, 'code'),
    status: typeof status === 'number' && Number.isInteger(status) ? status : undefined,
    errors: readList(told, 'errors'),
    issues: readList(told, 'issues'),
    cause: readOption(error as Error, 'cause'),
  };
}

function readList<T>(options: T | undefined, key: keyof T): unknown[] | undefined {
  const list = readOption(options, key);
  try {
    return Array.isArray(list) ? list.slice(0, widest) : undefined;
  } catch {
    return undefined; // a hostile proxy
  }
}
