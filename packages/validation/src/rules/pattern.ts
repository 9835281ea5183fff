import { checkString } from '@kortana/errors';
import { Rule } from './rule.ts';

/** A pattern may take exponential time; on longer texts it isn't tried at all. */
const longest = 10_000;

/** A string in which a regular expression is found, of at most 10 000 characters: longer ones fail. */
export class Pattern extends Rule<string> {
  /**
   * @param regex anchor it (`^…$`) to judge the whole; it is copied, so that the state of a `g` or `y`
   * one isn't touched
   * @param description what it stands for: `a lower-case slug` gives `must match a lower-case slug`
   */
  constructor(regex: RegExp, description = 'the expected format') {
    if (!(regex instanceof RegExp)) {
      throw new TypeError(`Expected \`regex\` to be a RegExp, got a value of type ${typeof regex}`);
    }
    checkString('description', description);
    const own = new RegExp(regex.source, regex.flags.replace('g', ''));
    super({
      requirement: `must match ${description}`,
      test: (value) => {
        own.lastIndex = 0;
        return typeof value === 'string' && value.length <= longest && own.test(value);
      },
      base: 'string',
    });
  }
}

/** See `Pattern`. */
export function pattern(regex: RegExp, description?: string): Pattern {
  return new Pattern(regex, description);
}
