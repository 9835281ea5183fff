import { maskField } from './mask-field.ts';

/** Also one of another realm (a `vm` context, a frame), which is no instance of ours. */
export function isError(value: object): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

export function* fieldsOf(value: object): Generator<readonly [string, unknown]> {
  // Some lists of headers and settings have `{ name: 'x-api-key', value: '…' }`.
  const label = Object.hasOwn(value, 'value') ? (read(value, 'name') ?? read(value, 'key')) : '';
  for (const key of Object.keys(value)) {
    const field = read(value, key);
    yield [key, key === 'value' ? maskField(label, field) : field];
  }
}

/** What an error tells, whoever made it. Its other fields aren't told: they hold whole requests. */
export function* fieldsOfError(error: object): Generator<readonly [string, unknown]> {
  for (const key of told) yield [key, read(error, key)];
}

const told = [
  'name',
  'code',
  'message',
  'severity',
  'recoverable',
  'retryAfterMs',
  'status',
  'issues',
  'context',
  'cause',
  'errors',
];

function read(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return '[unreadable]';
  }
}
