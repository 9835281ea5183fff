/** A clock that stands still until it is told to go on. */
export function manualClock(start = 0) {
  let time = start;
  return {
    now: () => time,
    advance: (ms: number) => void (time += ms),
  };
}
