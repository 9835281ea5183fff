import type { z } from 'zod';
import { list } from './list.ts';

type RawIssue = z.core.$ZodRawIssue;

/** What zod found wrong, in the words of our rules: `must be at least 3 characters`. */
export function requirementOf(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${withArticle(issue.expected)}`;
    case 'too_small':
      return bound(
        issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'more than',
        issue.minimum,
        issue.origin,
      );
    case 'too_big':
      return bound(
        issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'less than',
        issue.maximum,
        issue.origin,
      );
    case 'invalid_format':
      return formatOf(issue);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${list(issue.values)}`;
    case 'unrecognized_keys':
      return 'must not have unknown fields';
    case 'invalid_union':
      return 'must be of one of the allowed kinds';
    case 'invalid_key':
      return 'must have only valid keys';
    case 'invalid_element':
      return 'must have only valid elements';
    default:
      return 'must be valid';
  }
}

function withArticle(type: string): string {
  if (/^(?:null|undefined|never|void|nan)$/.test(type)) return type;
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type === 'int' ? 'integer' : type}`.replace(
    'a integer',
    'an integer',
  );
}

function bound(how: string, limit: number | bigint, origin: string): string {
  if (origin === 'string')
    return `must be ${how} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set' || origin === 'map') {
    return `must have ${how} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  }
  if (origin === 'date') return `must be ${how} ${new Date(Number(limit)).toISOString()}`;
  return origin === 'file' ? `must be ${how} ${limit} bytes` : `must be ${how} ${limit}`;
}

function formatOf(issue: Extract<RawIssue, { code: 'invalid_format' }>): string {
  switch (issue.format) {
    case 'regex':
      return 'must match the expected format';
    case 'email':
      return 'must be a valid email address';
    case 'starts_with':
      return `must start with ${issue['prefix']}`;
    case 'ends_with':
      return `must end with ${issue['suffix']}`;
    case 'includes':
      return `must contain ${issue['includes']}`;
    default:
      return `must be a valid ${issue.format}`;
  }
}
