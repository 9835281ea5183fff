import { Rule } from './rule.ts';

/** The longest that SMTP carries (RFC 5321, with erratum 1690). */
const longest = 254;

/**
 * The form of RFC 5321 that mail providers give out: letters, digits and some signs, one `@`, a domain
 * of at least two labels. No quotes, no comments, no addresses in brackets. Each part of the pattern
 * ends where the next one begins, so it is judged in one pass.
 */
const form =
  /^(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/i;

/** An e-mail address, as one types it into a form. */
export class Email extends Rule<string> {
  constructor() {
    super({
      requirement: 'must be a valid email address',
      test: (value) => typeof value === 'string' && value.length <= longest && form.test(value),
      base: 'string',
    });
  }
}

/** See `Email`. */
export function email(): Email {
  return new Email();
}
