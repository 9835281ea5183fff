import type { Candidate, Floor, Scenario, Work } from '../harness/scenario.ts';

const answer = async () => 42;
const answerAtOnce = () => 42;
const fail = async () => {
  throw new Error('down');
};

function oneByOne(ops: number, call: () => unknown): Work {
  return {
    ops,
    async run() {
      let result: unknown;
      for (let index = 0; index < ops; index++) result = await call();
      return result;
    },
  };
}

/** Where the answer is there at once there is nothing to wait for. */
function atOnce(ops: number, call: () => unknown): Work {
  return {
    ops,
    run() {
      let result: unknown;
      for (let index = 0; index < ops; index++) result = call();
      return result;
    },
  };
}

function hundred(call: () => unknown): Work {
  return {
    ops: 1000,
    async run() {
      for (let times = 0; times < 10; times++) {
        await Promise.all(Array.from({ length: 100 }, call));
      }
    },
  };
}

function refused(call: () => unknown): Work {
  return oneByOne(500, async () => {
    try {
      return await call();
    } catch (error) {
      return error;
    }
  });
}

async function ours(options: object = {}) {
  const { CircuitBreaker } = await import('@kortana/perf');
  return new CircuitBreaker({ failureThreshold: 5, recoveryTimeoutMs: 3_600_000, ...options });
}

async function cockatiel(sampling = false) {
  const { circuitBreaker, ConsecutiveBreaker, handleAll, SamplingBreaker } =
    await import('cockatiel');
  const breaker = sampling
    ? new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 10 })
    : new ConsecutiveBreaker(5);
  return circuitBreaker(handleAll, { halfOpenAfter: 3_600_000, breaker });
}

async function opossum(fn: () => unknown) {
  const { default: CircuitBreaker } = await import('opossum');
  return new CircuitBreaker(async () => fn(), {
    timeout: false,
    resetTimeout: 3_600_000,
    errorThresholdPercentage: 50,
  });
}

function closed(
  work: (call: () => unknown) => Work,
  fn: () => unknown,
): Pick<Scenario, 'ours' | 'peers' | 'floor'> {
  return {
    floor: fn === answerAtOnce ? { what: 'the call', work: () => work(fn) } : reaction(work),
    async ours() {
      const breaker = await ours();
      return work(() => breaker.call(fn));
    },
    peers: {
      async cockatiel() {
        const policy = await cockatiel();
        return fn === answerAtOnce
          ? oneByOne(2000, () => policy.execute(fn))
          : work(() => policy.execute(fn));
      },
      async opossum() {
        const breaker = await opossum(fn);
        return fn === answerAtOnce
          ? oneByOne(200, () => breaker.fire())
          : work(() => breaker.fire());
      },
    },
  };
}

const reaction = (work: (call: () => unknown) => Work): Floor => ({
  what: 'one reaction to the promise',
  work: () => work(() => answer().then(pass, rethrow)),
});
const pass = (value: unknown): unknown => value;
const rethrow = (error: unknown): never => {
  throw error;
};

const oursRate: Candidate = async () => {
  const breaker = await ours({
    failureRate: { threshold: 0.5, minimumCalls: 100, windowMs: 10_000 },
  });
  return oneByOne(2000, () => breaker.call(answer));
};

const oursSlow: Candidate = async () => {
  const breaker = await ours({
    slowCalls: { durationMs: 1000, threshold: 0.5, minimumCalls: 100, windowMs: 10_000 },
  });
  return oneByOne(2000, () => breaker.call(answer));
};

const sampling: Scenario['peers'] = {
  async 'cockatiel sampling'() {
    const policy = await cockatiel(true);
    return oneByOne(2000, () => policy.execute(answer));
  },
  async opossum() {
    const breaker = await opossum(answer);
    return oneByOne(200, () => breaker.fire());
  },
};

export const scenarios: Scenario[] = [
  {
    name: 'CircuitBreaker closed, async call',
    reach: 0.6,
    ...closed((call) => oneByOne(2000, call), answer),
  },
  {
    name: 'CircuitBreaker closed, sync call',
    reach: 0.6,
    ...closed((call) => atOnce(10_000, call), answerAtOnce),
  },
  {
    name: 'CircuitBreaker closed, 100 calls at once',
    reach: 0.6,
    ...closed(hundred, answer),
  },
  {
    name: 'CircuitBreaker with a failure-rate window',
    reach: 0.8,
    ours: oursRate,
    peers: sampling,
    floor: reaction((call) => oneByOne(2000, call)),
  },
  { name: 'CircuitBreaker with a slow-call window', ours: oursSlow, peers: sampling },
  {
    name: 'CircuitBreaker open, refusing',
    reach: 0.5,
    async ours() {
      const breaker = await ours();
      breaker.open();
      return refused(() => breaker.call(answer));
    },
    floor: {
      what: 'a rejection without a stack',
      work() {
        Error.stackTraceLimit = 0;
        return refused(() => Promise.reject(new Error('refused')));
      },
    },
    peers: {
      async cockatiel() {
        const policy = await cockatiel();
        for (let index = 0; index < 5; index++) await policy.execute(fail).catch(() => {});
        return refused(() => policy.execute(answer));
      },
      async opossum() {
        const breaker = await opossum(answer);
        breaker.open();
        return refused(() => breaker.fire());
      },
    },
  },
];
