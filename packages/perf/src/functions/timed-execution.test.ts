import { expect, test, vi } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { warningsDuring } from '../../test/warnings.ts';
import { MetricsCollector } from '../metrics/metrics-collector.ts';
import { timedExecution, type TimedExecutionOptions, type Timing } from './timed-execution.ts';

test('records each call of a sync or async function, and passes results and errors on', async () => {
  const clock = manualClock();
  const metrics = new MetricsCollector();
  const timed = timedExecution({ name: 'work', metrics, clock });
  const error = new Error('down');
  const run = (ms: number, fails = false) => {
    clock.advance(ms);
    if (fails) throw error;
    return ms;
  };
  const sync = timed(run);
  const asynchronous = timed(async (ms: number, fails?: boolean) => run(ms, fails));
  expect(sync(5)).toBe(5);
  expect(() => sync(6, true)).toThrow(error);
  expect(await asynchronous(7)).toBe(7);
  await expect(asynchronous(8, true)).rejects.toBe(error);
  expect(metrics.getSummary()['work']).toMatchObject({
    totalRequests: 4,
    failedRequests: 2,
    minTimeMs: 5,
    maxTimeMs: 8,
  });
  expect(sync.metrics).toBe(metrics);
});

test('a name alone will do, and without one it is that of the function', () => {
  function load() {}
  const named = timedExecution('database')(load);
  const unnamed = timedExecution()(load);
  named();
  unnamed();
  expect(Object.keys(named.metrics.getSummary())).toEqual(['database']);
  expect(Object.keys(unnamed.metrics.getSummary())).toEqual(['load']);
  expect(named.name).toBe('load');
});

test('tells of each call, and from when on it was slow: 99 ms is not, 100 is', () => {
  const clock = manualClock();
  const onTiming = vi.fn<(timing: Timing) => void>();
  const wait = timedExecution({ name: 'wait', onTiming, clock })(clock.advance);
  wait(99);
  wait(100);
  expect(onTiming.mock.calls).toMatchObject([
    [{ name: 'wait', success: true, slow: false }],
    [{ name: 'wait', success: true, slow: true }],
  ]);
});

test('an onTiming that throws changes nothing, and is reported', async () => {
  const onTiming = () => {
    throw new Error('broken hook');
  };
  const timed = timedExecution({ onTiming })(() => 'fine');
  const warnings = await warningsDuring(() => expect(timed()).toBe('fine'));
  expect(warnings).toEqual([expect.stringContaining('broken hook')]);
});

test('a collector that throws changes nothing, and is reported', async () => {
  const metrics = new MetricsCollector();
  metrics.record = () => {
    throw new Error('broken sink');
  };
  const timed = timedExecution({ metrics });
  const error = new Error('down');
  const warnings = await warningsDuring(async () => {
    expect(timed(() => 'fine')()).toBe('fine');
    await expect(timed(async () => Promise.reject(error))()).rejects.toBe(error);
  });
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('broken sink');
});

test('this is kept', () => {
  class Counter {
    count = 1;
    read() {
      return this.count;
    }
  }
  expect(timedExecution()(Counter.prototype.read).call(new Counter())).toBe(1);
});

test.for([
  [{ slowMs: -1 }, RangeError],
  [{ name: 5 }, TypeError],
  [{ metrics: {} }, TypeError],
  [{ onTiming: 5 }, TypeError],
  [{ clock: 5 }, TypeError],
  [5, TypeError],
] as const)('wrong options are told at once: %o', ([options, kind]) => {
  expect(() => timedExecution(options as unknown as TimedExecutionOptions)).toThrow(kind);
});
