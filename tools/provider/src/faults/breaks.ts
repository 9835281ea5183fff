import { event, json } from '../completion.ts';
import type { Step } from '../step.ts';
import { type Fault, headOf, isFinish, isStream, mapWrites, untilFinish, write } from './fault.ts';

const inBand =
  (prefix: string): Fault['apply'] =>
  (steps, params) => {
    const error = {
      message: 'The server had an error in mid-stream.',
      type: 'server_error',
      code: params.text('code', '') || null,
    };
    return isStream(steps)
      ? [
          ...headOf(steps, params.number('after', 2)),
          write(`${prefix}data: ${JSON.stringify({ error })}\n\n`),
          { do: 'end' },
        ]
      : json(200, { error });
  };

const replaceBody = (contentType: string, body: string): Step[] => [
  { do: 'head', status: 200, headers: { 'content-type': contentType } },
  write(body),
  { do: 'end' },
];

const isContent = (data: unknown) => /"content":"[^"]/.test(String(data));

const isDone = (text: string) => text.startsWith('data: [DONE]');

/** Ways to break off, or to answer with something else than an answer. `after` = 2 counts content events. */
export const breaks: Record<string, Fault> = {
  reset: { about: 'resets the connection before the head', apply: () => [{ do: 'reset' }] },
  'reset-after-head': {
    about: 'resets the connection after the head',
    apply: ([head]) => [head!, { do: 'wait', ms: 5 }, { do: 'reset' }],
  },
  cut: {
    about: 'resets the connection after `after` content events, or in the middle of the body',
    apply: (steps, params) => [
      ...headOf(steps, params.number('after', 2)),
      // Node would drop what it has not flushed yet.
      { do: 'wait', ms: 5 },
      { do: 'reset' },
    ],
  },
  'reset-after-finish': {
    about: 'resets the connection behind the finish_reason, before usage and [DONE]',
    apply: (steps) => [...untilFinish(steps), { do: 'wait', ms: 5 }, { do: 'reset' }],
  },
  'clean-end': {
    about: 'ends politely after `after` content events, without a finish marker',
    apply: (steps, params) => [...headOf(steps, params.number('after', 2)), { do: 'end' }],
  },
  'no-done': {
    about: 'ends without [DONE]',
    apply: (steps) => mapWrites(steps, (text) => (isDone(text) ? [] : [write(text)])),
  },
  'no-finish': {
    about: 'sends [DONE], but no finish_reason',
    apply: (steps) =>
      mapWrites(steps, (text) => (isFinish(text) && isStream(steps) ? [] : [write(text)])),
  },
  'error-event': {
    about: 'sends `data: {"error": …}` after `after` events; `code`',
    apply: inBand(''),
  },
  'named-error-event': {
    about: 'the same with `event: error` before it',
    apply: inBand('event: error\n'),
  },
  'bare-error-event': {
    about: 'tells the error in the words of older vLLM after `after` events, then [DONE]',
    apply: (steps, params) => {
      const error = {
        object: 'error',
        message: 'The engine died.',
        type: 'InternalServerError',
        code: 500,
      };
      if (!isStream(steps)) return json(200, error);
      const head = headOf(steps, params.number('after', 2));
      return [...head, event(error), write('data: [DONE]\n\n'), { do: 'end' }];
    },
  },
  'finish-error': {
    about:
      'breaks off after `after` content events with finish_reason `reason` = error, then [DONE]',
    apply: (steps, params) => {
      const finish = `"finish_reason":"${params.text('reason', 'error')}"`;
      const broken = mapWrites(steps, (text) => [
        write(text.replace(/"finish_reason":"[a-z_]+"/, finish)),
      ]);
      if (!isStream(steps)) return broken;
      const head = headOf(steps, params.number('after', 2));
      const rest = broken.slice(head.length);
      return [...head, ...rest.filter((step) => step.do !== 'write' || !isContent(step.data))];
    },
  },
  malformed: {
    about:
      'sends an event that is not JSON after `after` events, then goes on; or a body that is not JSON',
    apply: (steps, params) => {
      if (!isStream(steps)) return replaceBody('application/json', '{"id": "chatcmpl-1", oops');
      const head = headOf(steps, params.number('after', 2));
      return [...head, write('data: {"id": "chatcmpl-1", oops\n\n'), ...steps.slice(head.length)];
    },
  },
  truncated: {
    about: 'a plain reply whose JSON ends in the middle, politely',
    apply: (steps, params) => [...headOf(steps, params.number('after', 2)), { do: 'end' }],
  },
  json: {
    about: 'answers a stream request with JSON',
    apply: () => json(200, { id: 'chatcmpl-1', object: 'chat.completion', choices: [] }),
  },
  html: {
    about: '200 with a page of HTML',
    apply: () => replaceBody('text/html; charset=utf-8', '<!doctype html><title>Sign in</title>'),
  },
  'empty-body': {
    about: '200 with no body at all',
    apply: () => replaceBody('application/json', ''),
  },
  'empty-choices': {
    about: 'a reply, or a stream, whose `choices` are empty',
    apply: (steps) =>
      mapWrites(steps, (text) => [write(text.replace(/"choices":\[.*\](?=[,}])/, '"choices":[]'))]),
  },
  'content-filter': {
    about: 'ends with finish_reason content_filter',
    apply: (steps) =>
      mapWrites(steps, (text) => [
        write(text.replace(/"finish_reason":"[a-z_]+"/, '"finish_reason":"content_filter"')),
      ]),
  },
  'reset-after-answer': {
    about: 'answers in full, then resets the kept-alive socket',
    apply: (steps) => [...steps, { do: 'wait', ms: 5 }, { do: 'reset' }],
  },
};
