import { afterEach, expect, test, vi } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const of = (headers: Record<string, string>) => retryAfterMs(new Headers(headers));

test.for([
  ['seconds', { 'retry-after': '2' }, 2000],
  ['part of a second', { 'retry-after': '0.25' }, 250],
  ['no wait at all', { 'retry-after': '0' }, 0],
  ['milliseconds', { 'retry-after-ms': '1500' }, 1500],
  ['milliseconds, before seconds', { 'retry-after-ms': '10', 'retry-after': '9' }, 10],
  ['a time with its unit', { 'retry-after': '1m5s' }, 65_000],
  ['the longer of two, where it was sent twice', { 'retry-after': '2, 3' }, 3000],
  ...[
    'Sunday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov  6 08:49:37 1994',
    'Sun, 06 Nov 1994 08:49:37 GMT',
  ].map(
    (date) =>
      [
        `a date in an old form: ${date}`,
        { 'retry-after': date, date: 'Sun, 06 Nov 1994 08:49:30 GMT' },
        7000,
      ] as const,
  ),
  [
    'a date, counted from the date of the reply',
    { 'retry-after': 'Wed, 25 Nov 2026 10:00:05 GMT', date: 'Wed, 25 Nov 2026 10:00:00 GMT' },
    5000,
  ],
  [
    'a date that is over',
    { 'retry-after': 'Wed, 25 Nov 2026 10:00:00 GMT', date: 'Wed, 25 Nov 2026 10:00:05 GMT' },
    0,
  ],
  [
    'a limit used up',
    { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m30.5s' },
    90_500,
  ],
  [
    'the longer of two limits used up',
    {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '120ms',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1s',
    },
    1000,
  ],
  [
    'seconds, before limits',
    { 'retry-after': '3', 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1s' },
    3000,
  ],
  [
    'a limit that is not used up',
    { 'x-ratelimit-remaining-tokens': '1', 'x-ratelimit-reset-tokens': '1s' },
    undefined,
  ],
  ['nothing', {}, undefined],
  ['less than nothing', { 'retry-after': '-5' }, undefined],
  ['what is no time', { 'retry-after': 'soon', 'retry-after-ms': 'NaN' }, undefined],
  ['infinity', { 'retry-after': 'Infinity' }, undefined],
  ['an empty text', { 'retry-after': '', 'retry-after-ms': '' }, undefined],
  [
    'a limit in unknown words',
    { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': 'later' },
    undefined,
  ],
] as const)('reads %s', ([, headers, expected]) => {
  expect(of(headers)).toBe(expected);
});

test('takes a date without a zone for GMT, wherever it is read', () => {
  vi.stubEnv('TZ', 'America/New_York');
  const heads = {
    'retry-after': 'Sun Nov  6 08:49:37 1994',
    date: 'Sun, 06 Nov 1994 08:49:30 GMT',
  };
  expect(of(heads)).toBe(7000);
});

test('counts a date from the own clock where the reply has none', () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-25T10:00:00Z') });
  expect(of({ 'retry-after': 'Wed, 25 Nov 2026 10:00:07 GMT' })).toBe(7000);
});
