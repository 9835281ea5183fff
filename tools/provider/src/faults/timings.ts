import type { Step } from '../step.ts';
import { type Fault, headOf, isStream, untilFinish, write } from './fault.ts';

/** Ways to be slow. `ms` is always the pause. */
export const timings: Record<string, Fault> = {
  latency: {
    about: 'waits `ms` = 200 before the status line',
    apply: (steps, params) => [{ do: 'wait', ms: params.number('ms', 200) }, ...steps],
  },
  hang: {
    about: 'takes the request and never answers',
    apply: () => [{ do: 'wait', ms: Infinity }],
  },
  'slow-first-token': {
    about: 'sends the head at once, the first event after `ms` = 200',
    apply: ([head, ...rest], params) => [
      head!,
      { do: 'wait', ms: params.number('ms', 200) },
      ...rest,
    ],
  },
  'hang-after-head': {
    about: 'sends the head and nothing else',
    apply: ([head]) => [head!, { do: 'wait', ms: Infinity }],
  },
  'slow-chunks': {
    about: 'waits `ms` = 50 before each event',
    apply: (steps, params) =>
      steps.flatMap((step): Step[] =>
        step.do === 'write' ? [{ do: 'wait', ms: params.number('ms', 50) }, step] : [step],
      ),
  },
  stall: {
    about: 'goes silent after `after` = 2 content events, and keeps the connection',
    apply: (steps, params) => [
      ...headOf(steps, params.number('after', 2)),
      { do: 'wait', ms: Infinity },
    ],
  },
  'keep-alive-only': {
    about: 'sends `count` = 5 comments, `ms` = 50 apart, before the first event',
    apply: ([head, ...rest], params) => [
      head!,
      ...Array.from({ length: params.number('count', 5) }, () => [
        write(': PROCESSING\n\n'),
        { do: 'wait', ms: params.number('ms', 50) } as const,
      ]).flat(),
      ...rest,
    ],
  },
  'stall-after-finish': {
    about: 'goes silent behind the finish_reason, before usage and [DONE]',
    apply: (steps) => [...untilFinish(steps), { do: 'wait', ms: Infinity }],
  },
  'late-end': {
    about: 'ends the body `ms` = 50 after [DONE]',
    apply: (steps, params) => [
      ...steps.slice(0, -1),
      { do: 'wait', ms: params.number('ms', 50) },
      { do: 'end' },
    ],
  },
  hold: {
    about: 'keeps the connection open after [DONE]',
    apply: (steps) =>
      isStream(steps) ? [...steps.slice(0, -1), { do: 'wait', ms: Infinity }] : steps,
  },
};
