/** `1s`, `6m0s`, `120ms`, `1h2m3.5s`: how OpenAI and Google write a time to wait, in ms. */
export function parseDuration(text: string): number | undefined {
  const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    total += Number(value) * units[unit as keyof typeof units];
  }
  return total;
}

/** A head that was sent twice comes as a list: the longest counts. */
const positive = (text: string | null): number | undefined => {
  const values = text?.split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)));
  const value = values && Math.max(...values);
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
};

/** Of the three forms of an HTTP date (RFC 9110, 5.6.7) asctime's names no zone; it means GMT. */
const parseDate = (text: string): number =>
  Date.parse(/\d{4}$/.test(text.trim()) ? `${text.trim()} GMT` : text);

/** A date counts from the sender's own clock, where it tells it: ours may be wrong. */
const untilDate = (text: string, sentAt: string | null): number | undefined => {
  const at = parseDate(text);
  const sent = parseDate(sentAt ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - (Number.isNaN(sent) ? Date.now() : sent));
};

/** The limits that are used up decide; both must be free again. */
const untilReset = (headers: Headers): number | undefined => {
  const waits = ['requests', 'tokens'].flatMap((kind) =>
    headers.get(`x-ratelimit-remaining-${kind}`) === '0'
      ? (parseDuration(headers.get(`x-ratelimit-reset-${kind}`) ?? '') ?? [])
      : [],
  );
  return waits.length > 0 ? Math.max(...waits) : undefined;
};

/**
 * How long the far side asks to wait, in ms: `retry-after-ms`, `retry-after` in seconds, as an HTTP
 * date (RFC 9110, 10.2.3) or as `5s`, else the `x-ratelimit-reset-*` of a limit that is used up.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const exact = positive(headers.get('retry-after-ms'));
  if (exact !== undefined) return exact;
  const text = headers.get('retry-after');
  const seconds = positive(text);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const duration = text === null ? undefined : parseDuration(text.trim());
  if (duration !== undefined) return duration;
  // `Date.parse` takes '-5' for a date of May.
  const date = text && /[a-z]/i.test(text) ? untilDate(text, headers.get('date')) : undefined;
  return date ?? untilReset(headers);
}
