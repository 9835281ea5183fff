import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RateWindow } from './rate-window.ts';

describe('few samples', () => {
  test('are each forgotten when their own time is over, however close they came', () => {
    const window = new RateWindow({ threshold: 1, minimumCalls: 3, windowMs: 1000 });
    window.add(true, 0);
    window.add(true, 1);
    expect(window.add(true, 1000)).toBe(false); // that at 0 is gone, that at 1 isn't
    expect(window.add(true, 1000)).toBe(true);
  });

  test('are counted as one would who keeps them all', () => {
    const sample = fc.record({
      isBad: fc.boolean(),
      after: fc.double({ min: 0, max: 400, noNaN: true }),
    });
    const limits = { threshold: 0.5, minimumCalls: 4, windowMs: 1000 };
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 64, size: 'max' }), (samples) => {
        const window = new RateWindow(limits);
        const kept: { at: number; isBad: boolean }[] = [];
        let now = 0;
        for (const { isBad, after } of samples) {
          now += after;
          kept.push({ at: now, isBad });
          const live = kept.filter(({ at }) => at > now - limits.windowMs);
          const bad = live.filter((one) => one.isBad).length;
          expect(window.add(isBad, now)).toBe(live.length >= 4 && bad / live.length >= 0.5);
        }
      }),
    );
  });
});

test('many samples are forgotten never late, and at most a sixtieth early', () => {
  const size = 10_000;
  for (const gap of [0.01, 0.1, 1, 17]) {
    const window = new RateWindow({ threshold: 1, minimumCalls: 1, windowMs: 1000 });
    let lastGood = 0;
    for (let index = 0; index < size; index++) {
      lastGood = index * gap;
      window.add(false, lastGood);
    }
    // Nothing but bad ones from now on: the first that opens tells when the last good one is gone.
    let openedAt = lastGood;
    while (!window.add(true, openedAt)) openedAt += gap / 2;
    expect(openedAt - lastGood).toBeLessThanOrEqual(1000 + gap);
    expect(openedAt - lastGood).toBeGreaterThanOrEqual(1000 - 1000 / 60 - gap);
  }
});

test('time may stand still, and a window may be shorter than any step of it', () => {
  const still = new RateWindow({ threshold: 1, minimumCalls: 1000, windowMs: 5 });
  for (let index = 1; index < 1000; index++) expect(still.add(true, 7)).toBe(false);
  expect(still.add(true, 7)).toBe(true);
  const short = new RateWindow({ threshold: 1, minimumCalls: 1000, windowMs: Number.MIN_VALUE });
  for (let index = 1; index < 1000; index++) expect(short.add(true, 0)).toBe(false);
  expect(short.add(true, 0)).toBe(true);
});
