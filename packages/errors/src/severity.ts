/** How bad it is, for whoever decides what to log, page or show. */
export const ErrorSeverity = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
} as const;

export type ErrorSeverity = (typeof ErrorSeverity)[keyof typeof ErrorSeverity];

export function isSeverity(value: unknown): value is ErrorSeverity {
  return value === 'medium' || value === 'low' || value === 'high' || value === 'critical';
}
