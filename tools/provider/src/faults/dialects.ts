import { type Fault, isStream, mapWrites, write } from './fault.ts';

/** Byte by byte: every character beyond ASCII is split. */
const bytesOf = (text: string) =>
  [...new TextEncoder().encode(text)].map(
    (byte) => ({ do: 'write', data: Uint8Array.of(byte) }) as const,
  );

/** Odd but allowed: a reader must see no difference. */
export const dialects: Record<string, Fault> = {
  'split-utf8': {
    about: 'writes every byte on its own',
    apply: (steps) => mapWrites(steps, bytesOf),
  },
  crlf: {
    about: 'ends lines with CRLF',
    apply: (steps) =>
      isStream(steps) ? mapWrites(steps, (text) => [write(text.replaceAll('\n', '\r\n'))]) : steps,
  },
  comments: {
    about: 'puts a comment before each event',
    apply: (steps) =>
      isStream(steps)
        ? mapWrites(steps, (text) => [write(': keep-alive\n\n'), write(text)])
        : steps,
  },
  'no-space': {
    about: 'writes `data:` without the space',
    apply: (steps) => mapWrites(steps, (text) => [write(text.replace(/^data: /, 'data:'))]),
  },
  huge: {
    about: 'puts `bytes` = 10485760 of text into one event',
    apply: (steps, params) => {
      const filler = 'x'.repeat(params.number('bytes', 10 * 1024 * 1024));
      let done = false;
      return mapWrites(steps, (text) => {
        const huge = text.replace(/"content":"(?!")/, (found) =>
          done ? found : `"content":"${filler}`,
        );
        done ||= huge !== text;
        return [write(huge)];
      });
    },
  },
  'one-write': {
    about: 'sends all events in one write',
    apply: (steps) => {
      const text = steps.map((step) => (step.do === 'write' ? String(step.data) : '')).join('');
      return [...steps.slice(0, 1), write(text), { do: 'end' }];
    },
  },
  'extra-fields': {
    about: 'adds fields that nobody knows, and an event without choices first',
    apply: (steps) => {
      if (!isStream(steps))
        return mapWrites(steps, (text) => [write(text.replace('{', '{"x_vendor":{"a":1},'))]);
      const [head, ...rest] = mapWrites(steps, (text) => [
        write(text.replace('{', '{"x_vendor":{"a":1},')),
      ]);
      return [
        head!,
        write(
          'event: message\nid: 1\nretry: 3000\ndata: {"choices":[],"prompt_filter_results":[]}\n\n',
        ),
        ...rest,
      ];
    },
  },
};
