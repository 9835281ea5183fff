import { inspectText, type SanitizeOptions } from './inspect-text.ts';

/**
 * A text from outside without what nobody should be sent: control characters (line feed, tab and
 * carriage return stay), overrides and isolates of direction, tags, invisible operators, byte order
 * marks and lone surrogates; then trimmed and cut to `maxLength` between characters as readers see
 * them. To do it twice changes nothing. It does no Unicode normalization.
 */
export function sanitizeText(text: string, options?: SanitizeOptions): string {
  return inspectText(text, options).text;
}
