import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventParser, type ServerEvent } from './event-parser.ts';

const parse = (...pieces: string[]): ServerEvent[] => {
  const parser = new EventParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
};

const data = (...texts: string[]) => texts.map((text) => ({ name: '', data: text }));

test('gives an event at the empty line', () => {
  const parser = new EventParser();
  expect(parser.push('data: a\n')).toEqual([]);
  expect(parser.push('\n')).toEqual(data('a'));
});

test('takes off one blank behind the colon, and no more', () => {
  expect(parse('data:a\n\ndata: b\n\ndata:  c\n\n')).toEqual(data('a', 'b', ' c'));
});

test('joins the lines of one event', () => {
  expect(parse('data: {\ndata: }\n\n')).toEqual(data('{\n}'));
});

test('keeps the name of an event, for that event alone', () => {
  expect(parse('event: error\ndata: x\n\ndata: y\n\n')).toEqual([
    { name: 'error', data: 'x' },
    { name: '', data: 'y' },
  ]);
});

test('passes over comments, unknown fields and events without data', () => {
  expect(parse(': hi\n\nid: 1\nretry: 5\n\nevent: ping\n\nfoo: bar\ndata: a\n\n')).toEqual(
    data('a'),
  );
});

test('takes LF, CRLF and CR for the end of a line, also where a piece ends between them', () => {
  expect(parse('data: a\r\n\r\ndata: b\r\rdata: c\n\n')).toEqual(data('a', 'b', 'c'));
  expect(parse('data: a\r', '\n\r', '\ndata: b\r', '\r', 'data: c\r')).toEqual(data('a', 'b', 'c'));
});

test('gives the last event though its empty line is missing, but not an empty one', () => {
  expect(parse('data: a\n\ndata: b')).toEqual(data('a', 'b'));
  expect(parse('data: a\n\n')).toEqual(data('a'));
  expect(parse('')).toEqual([]);
});

test('gives the same events wherever the text is cut', () => {
  const line = fc.oneof(
    fc.constantFrom('', ':', 'data', 'data:', 'event: error', 'id: 1'),
    fc.string({ unit: 'grapheme' }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
  );
  const text = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')))
    .map((lines) => lines.map((pair) => pair.join('')).join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat()), (whole, cuts) => {
      const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort(
        (a, b) => a - b,
      );
      const pieces = [0, ...places].map((from, index) => whole.slice(from, places[index]));
      expect(parse(...pieces)).toEqual(parse(whole));
    }),
  );
});

test('reads ten megabytes in pieces of a kilobyte in linear time', () => {
  const parser = new EventParser();
  const piece = 'x'.repeat(1024);
  parser.push('data: ');
  for (let count = 0; count < 10_240; count += 1) parser.push(piece);
  expect(parser.push('\n\n')[0]?.data.length).toBe(10 * 1024 * 1024);
});
