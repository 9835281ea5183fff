import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manualClock } from '../../test/manual-clock.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CircuitOpenError } from './circuit-open-error.ts';
import type { CircuitState } from './circuit-state.ts';
import type { Permit } from './permit.ts';

const options = {
  failureThreshold: 3,
  recoveryTimeoutMs: (openCount: number) => 10 * openCount,
  halfOpenMaxCalls: 2,
  successThreshold: 3,
  probeTimeoutMs: 7,
  failureRate: { threshold: 0.5, minimumCalls: 6, windowMs: 60 },
  slowCalls: { durationMs: 15, threshold: 0.4, minimumCalls: 4, windowMs: 60 },
};

interface ModelCall {
  period: number;
  begunAt: number;
  isSlow: boolean;
}

/** The breaker as one would explain it: it lives through each millisecond, and recounts everything. */
class Model {
  now = 0;
  state: CircuitState = 'closed';
  period = 0;
  isolations = 0;
  openCount = 0;
  until = 0;
  failures = 0;
  successes = 0;
  underWay: ModelCall[] = [];
  samples: { at: number; kind: 'failed' | 'ok' | 'slow' | 'fast' }[] = [];

  visible = (): CircuitState => (this.isolations > 0 ? 'open' : this.state);

  tick() {
    this.now++;
    if (this.isolations > 0) return;
    const own = this.underWay.filter(({ period }) => period === this.period);
    if (this.state === 'half_open' && own.some((call) => this.now - call.begunAt >= 7)) {
      this.open(this.openCount + 1);
    } else if (this.state === 'closed') {
      for (const call of own) {
        if (call.isSlow || this.now - call.begunAt < 15 || this.state !== 'closed') continue;
        call.isSlow = true;
        this.sample('slow');
      }
    }
    this.look();
  }

  look() {
    if (this.isolations === 0 && this.state === 'open' && this.now >= this.until) {
      this.enter('half_open');
    }
  }

  enter(state: CircuitState) {
    this.state = state;
    this.period++;
    this.failures = 0;
    this.successes = 0;
    this.samples = [];
    if (state === 'closed') this.openCount = 0;
  }

  open(openCount: number) {
    this.enter('open');
    this.openCount = openCount;
    this.until = this.now + 10 * openCount;
  }

  sample(kind: 'failed' | 'ok' | 'slow' | 'fast') {
    this.samples = this.samples.filter(({ at }) => this.now - at < 60);
    this.samples.push({ at: this.now, kind });
    const count = (...kinds: string[]) => this.samples.filter((s) => kinds.includes(s.kind)).length;
    const calls = count('failed', 'ok');
    const measured = count('slow', 'fast');
    if (calls >= 6 && count('failed') / calls >= 0.5) this.open(1);
    else if (measured >= 4 && count('slow') / measured >= 0.4) this.open(1);
  }

  begin(): ModelCall | undefined {
    const probes = this.underWay.filter(({ period }) => period === this.period).length;
    if (this.visible() === 'open') return undefined;
    if (this.state === 'half_open' && probes >= 2) return undefined;
    const call = { period: this.period, begunAt: this.now, isSlow: false };
    this.underWay.push(call);
    return call;
  }

  end(call: ModelCall, verdict: 'good' | 'bad' | 'none') {
    if (!this.underWay.includes(call)) return;
    this.underWay = this.underWay.filter((other) => other !== call);
    if (call.period !== this.period || this.isolations > 0 || verdict === 'none') return;
    if (this.state === 'half_open') {
      if (verdict === 'bad') this.open(this.openCount + 1);
      else if (++this.successes >= 3) this.enter('closed');
      return;
    }
    this.failures = verdict === 'bad' ? this.failures + 1 : 0;
    if (this.failures >= 3) return this.open(1);
    this.sample(verdict === 'bad' ? 'failed' : 'ok');
    if (call.period === this.period && !call.isSlow) this.sample('fast');
  }

  isolate() {
    if (this.isolations++ === 0) this.period++;
  }

  release() {
    if (--this.isolations === 0) this.look();
  }
}

type Step =
  | { do: 'begin' | 'open' | 'close' | 'isolate' | 'release' }
  | { do: 'wait'; ms: number }
  | { do: 'end'; which: number; verdict: 'good' | 'bad' | 'none' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(12) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(5),
      verdict: fc.constantFrom('good', 'bad', 'good', 'none'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('open', 'close', 'isolate', 'release') }),
  },
);

class Failure extends Error {}
const verdictOf = {
  good: (permit: Permit) => permit.succeed(),
  bad: (permit: Permit) => permit.fail(new Failure('down')),
  none: (permit: Permit) => permit.fail(new Error('not expected')),
};

function acquire(breaker: CircuitBreaker): Permit | undefined {
  try {
    return breaker.acquire();
  } catch (error) {
    if (error instanceof CircuitOpenError) return undefined;
    throw error;
  }
}

test('does what one would do who lives through each millisecond', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const clock = manualClock();
      let seen: CircuitState = 'closed';
      const breaker = new CircuitBreaker({
        ...options,
        clock,
        expectedException: Failure,
        onStateChange: ({ from, to }) => {
          expect(from).toBe(seen);
          seen = to;
        },
      });
      const model = new Model();
      const calls: [Permit, ModelCall][] = [];
      const holders: Disposable[] = [];
      const take = (next: Step) => {
        switch (next.do) {
          case 'begin': {
            const permit = acquire(breaker);
            const call = model.begin();
            if (permit !== undefined && call !== undefined) calls.push([permit, call]);
            return [permit === undefined, call === undefined];
          }
          case 'end': {
            const [permit, call] = calls[next.which % calls.length] ?? [];
            if (permit !== undefined) verdictOf[next.verdict](permit);
            if (call !== undefined) model.end(call, next.verdict);
            return [];
          }
          case 'wait':
            clock.advance(next.ms);
            for (let ms = 0; ms < next.ms; ms++) model.tick();
            return [];
          case 'isolate':
            holders.push(breaker.isolate());
            model.isolate();
            return [];
          case 'release':
            if (holders.length === 0) return [];
            holders.pop()![Symbol.dispose]();
            model.release();
            return [];
          case 'open':
            breaker.open();
            model.open(model.openCount + (model.state === 'open' ? 0 : 1));
            return [];
          case 'close':
            breaker.close();
            model.enter('closed');
            return [];
        }
      };
      for (const next of steps) {
        const [refused, modelRefused] = take(next);
        expect(refused).toBe(modelRefused);
        expect({
          state: breaker.state,
          failures: breaker.failureCount,
          successes: breaker.successCount,
          retryAfterMs: breaker.retryAfterMs,
        }).toEqual({
          state: model.visible(),
          failures: model.failures,
          successes: model.successes,
          retryAfterMs: model.state === 'open' ? Math.max(0, model.until - model.now) : 0,
        });
        expect(seen).toBe(model.visible());
      }
    }),
  );
});
