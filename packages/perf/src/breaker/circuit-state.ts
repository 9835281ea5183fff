/** Calls go through; they are refused; a few go through as probes. */
export const CircuitState = {
  CLOSED: 'closed',
  OPEN: 'open',
  HALF_OPEN: 'half_open',
} as const;

export type CircuitState = (typeof CircuitState)[keyof typeof CircuitState];
