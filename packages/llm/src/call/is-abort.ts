/** Whether a call ended because its caller wished so: an abort is nobody's failure. */
export const isAbort = (error: unknown, signal: AbortSignal | undefined): boolean =>
  signal?.aborted === true && Object.is(error, signal.reason);
