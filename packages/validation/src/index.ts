export { Rule, type RuleSpec } from './rules/rule.ts';
export { MinLength, minLength } from './rules/min-length.ts';
export { MaxLength, maxLength } from './rules/max-length.ts';
export { Pattern, pattern } from './rules/pattern.ts';
export { NotEmpty, notEmpty } from './rules/not-empty.ts';
export { InRange, inRange } from './rules/in-range.ts';
export { OneOf, oneOf } from './rules/one-of.ts';
export { Email, email } from './rules/email.ts';
export type { InputOf, OutputOf, Predicate, RuleLike } from './schema/rule-like.ts';
export { Validator } from './validator.ts';
export { withValidation, type Guard } from './decorator/with-validation.ts';
export type { Shape } from './decorator/shape.ts';
export { validateType, type TypeOf } from './validate-type.ts';
export { sanitizeText } from './text/sanitize-text.ts';
export {
  inspectText,
  type InspectedText,
  type RemovedCharacters,
  type SanitizeOptions,
} from './text/inspect-text.ts';
