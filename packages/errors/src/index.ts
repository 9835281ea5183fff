export { ErrorSeverity } from './severity.ts';
export { KortanaError, type KortanaErrorOptions } from './kortana-error.ts';
