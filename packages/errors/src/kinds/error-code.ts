/**
 * A code from a prefix and a name that comes from outside: upper-cased, every run of characters
 * other than A-Z and 0-9 one `_` (`'MODEL', 'gpt-4o'` → `MODEL_GPT_4O`). Without a name: `orElse`.
 */
export function errorCode(prefix: string, name: string | undefined, orElse: string): string {
  const ending =
    name
      ?.slice(0, longestName)
      .toUpperCase()
      .replaceAll(/[^A-Z0-9]+/g, '_') ?? orElse;
  return `${prefix}_${ending}`;
}

const longestName = 100;
