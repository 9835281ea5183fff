import { issuePath } from '@kortana/errors';

/** What a value is called in messages: where it stands, or the root's own name (`value`, `value.0`). */
export function nameOf(path: readonly PropertyKey[] = [], root = 'value'): string {
  return issuePath(typeof path[0] === 'number' ? [root, ...path] : path) || root;
}

/**
 * A message in the one shape: `<name> must be even`. One that names its field already is left alone,
 * and a whole sentence is set off: `<name>: No such user`.
 */
export function say(name: string, message: string): string {
  if (message.startsWith(`${name} `) || message.startsWith(`${name}: `)) return message;
  return /^\p{Lu}/u.test(message) ? `${name}: ${message}` : `${name} ${message}`;
}

/** For zod, which asks for the words when it knows the whole path. */
export type Wording = (issue: { path?: PropertyKey[] | undefined }) => string;

export function wording(requirement: string, root?: string): Wording {
  return (issue) => say(nameOf(issue.path, root), requirement);
}
