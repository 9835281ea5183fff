/**
 * Readers for the options of errors. They are total: whatever stands there, or whatever a getter
 * throws, a wrong option reads as one that wasn't given. An error that can't be made would hide the
 * one that it was made for.
 */
export function readOption<T>(options: T | undefined, key: keyof T): unknown {
  try {
    return options?.[key];
  } catch {
    return undefined;
  }
}

/** A text that isn't empty. */
export function readText<T>(options: T | undefined, key: keyof T): string | undefined {
  const value = readOption(options, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function readFlag<T>(options: T | undefined, key: keyof T): boolean | undefined {
  const value = readOption(options, key);
  return typeof value === 'boolean' ? value : undefined;
}

/** A finite number from `min` up. */
export function readNumber<T>(options: T | undefined, key: keyof T, min = 0): number | undefined {
  const value = readOption(options, key);
  return typeof value === 'number' && Number.isFinite(value) && value >= min ? value : undefined;
}

export function readInteger<T>(options: T | undefined, key: keyof T, min = 0): number | undefined {
  const value = readNumber(options, key, min);
  return Number.isInteger(value) ? value : undefined;
}

/** A copy of a record's own fields; fields that can't be read are left out. */
export function readRecord<T>(options: T | undefined, key: keyof T): Record<string, unknown> {
  const record = readOption(options, key);
  if (typeof record !== 'object' || record === null) return {};
  try {
    return { ...record };
  } catch {
    return readFields(record);
  }
}

function readFields(record: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  try {
    for (const key of Object.keys(record)) {
      fields[key] = readOption(record, key as never);
    }
  } catch {
    // A proxy that doesn't tell its keys has none.
  }
  return fields;
}
