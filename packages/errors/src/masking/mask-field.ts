import { isSecretKey } from './is-secret-key.ts';
import { MASK } from './mask.ts';

/** The value of a field, or what stands for it if the field's name is a secret's. */
export function maskField(name: unknown, value: unknown): unknown {
  // A flag or null under a secret's name (`hasPassword: true`) tells no secret.
  const mayTell = value !== null && typeof value !== 'boolean';
  return mayTell && typeof name === 'string' && isSecretKey(name) ? MASK : value;
}

/** A list in which names and their values stand in turn, with the secret ones masked. */
export function maskInTurn(items: readonly unknown[]): unknown[] {
  return items
    .slice(0, most)
    .map((item, index) => (index % 2 === 1 ? maskField(items[index - 1], item) : item));
}

// More than is kept of any list.
const most = 200;
