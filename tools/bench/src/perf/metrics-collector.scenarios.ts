import type { Scenario, Work } from '../harness/scenario.ts';
import { dice } from './keys.ts';

const random = dice(3);
/** Durations as they come: most around 20 ms, some 50 times that. */
const durations = Array.from({ length: 65_536 }, () => 1 + 20 * Math.exp(2 * random() ** 4 * 2));

function recording(record: (durationMs: number) => unknown): Work {
  const ops = 16_384;
  let at = 0;
  return {
    ops,
    run() {
      for (let end = at + ops; at < end; at++) record(durations[at % durations.length]!);
      return at;
    },
  };
}

async function filled(operations: number) {
  const { MetricsCollector } = await import('@kortana/perf');
  const metrics = new MetricsCollector();
  for (let index = 0; index < operations; index++) {
    for (const duration of durations.slice(0, 5000)) metrics.record(`operation ${index}`, duration);
  }
  return metrics;
}

async function hdr(useWebAssembly: boolean) {
  const { default: library } = await import('hdr-histogram-js');
  if (useWebAssembly) await library.initWebAssembly();
  return library.build({
    useWebAssembly,
    bitBucketSize: 64,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 2,
  });
}

export const scenarios: Scenario[] = [
  {
    name: 'MetricsCollector record',
    reach: 0.6,
    async ours() {
      const { MetricsCollector } = await import('@kortana/perf');
      const metrics = new MetricsCollector();
      return recording((duration) => metrics.record('database', duration));
    },
    floor: {
      what: 'a count in an array',
      work() {
        const counts = new Uint32Array(4096);
        return recording((duration) => counts[duration | 0]!++);
      },
    },
    peers: {
      async 'perf_hooks createHistogram'() {
        const { createHistogram } = await import('node:perf_hooks');
        const histogram = createHistogram({ figures: 2 });
        return recording((duration) => histogram.record(Math.round(duration * 1000)));
      },
      async 'hdr-histogram-js wasm'() {
        const histogram = await hdr(true);
        return recording((duration) => histogram.recordValue(Math.round(duration * 1000)));
      },
      async 'hdr-histogram-js'() {
        const histogram = await hdr(false);
        return recording((duration) => histogram.recordValue(Math.round(duration * 1000)));
      },
    },
  },
  {
    name: 'MetricsCollector summary of one operation (aim: 8000 ns)',
    async ours() {
      const metrics = await filled(100);
      return { ops: 100, run: () => metrics.getSummary() };
    },
    peers: {
      async 'perf_hooks createHistogram'() {
        const { createHistogram } = await import('node:perf_hooks');
        const histogram = createHistogram({ figures: 2 });
        for (const duration of durations.slice(0, 5000)) {
          histogram.record(Math.round(duration * 1000));
        }
        return {
          ops: 100,
          run: () =>
            Array.from({ length: 100 }, () =>
              [50, 95, 99].map((share) => histogram.percentile(share)),
            ),
        };
      },
    },
  },
];
